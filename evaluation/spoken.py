"""Private details said aloud: found in what recognisers hear of them, and heard again after they were taken out.

Sentences of the text set are spoken by several synthetic voices (espeak-ng, a command), transcribed, searched and
redacted; then Whisper and Vosk listen to the result, and whoever hears a private word counts. Presidio's defaults look
at the same transcripts, and the obvious chain (Whisper, presidio, mute) redacts the same sound.
"""

from __future__ import annotations

import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

from evaluation.leaks import redacted, say
from redaction import Find, PiiFinder, Private, RedactionSettings, Transcriber, redact_words
from redaction.finds import Text
from redaction.vocabulary import bare, is_common, sound
from timeline import ArrayAudio, Redaction, Word

VOICES = ("en-us+m3", "en-gb+f3", "en-us+f4", "en-gb-scotland+m7")
_LONGEST = 22
Finder = Callable[[str], Sequence[Find]]


@dataclass(frozen=True)
class Said:
    """A sentence as it is spoken: its words, and of each the private span it belongs to (None: none)."""

    words: list[str]
    span: list[int | None]
    entities: list[str]
    audio: ArrayAudio = field(repr=False)


@dataclass
class Heard:
    """Counts over spans, other words and private words."""

    found: Counter[str] = field(default_factory=Counter)
    truth: Counter[str] = field(default_factory=Counter)
    right: int = 0
    wrong: int = 0

    def add(self, said: Said, regions: Sequence[range], marked: Sequence[bool]) -> None:
        """What was found in a transcript: ``marked`` says which of its words are private."""
        inside = {i for region in regions for i in region}
        for entity, region in zip(said.entities, regions, strict=True):
            if len(region):
                self.truth[entity] += 1
                self.found[entity] += all(marked[i] for i in region)
        for i, mark in enumerate(marked):
            self.right, self.wrong = self.right + (mark and i in inside), self.wrong + (mark and i not in inside)

    def line(self) -> str:
        """The figures, in one line."""
        r = sum(self.found.values()) / max(1, sum(self.truth.values()))
        p = self.right / max(1, self.right + self.wrong)
        f2 = 5 * p * r / (4 * p + r) if p + r else 0.0
        kinds = ", ".join(f"{k} {self.found[k] / n:.2f} of {n}" for k, n in self.truth.most_common())
        return f"recall {r:.3f} precision {p:.3f} (of words) F2 {f2:.3f}\n    {kinds}"


def sentences(path: Path, count: int, skip: frozenset[str], seed: int = 11) -> list[Said]:
    """Sentences of the text set that hold something private, spoken; ``skip``: kinds that the policy keeps."""
    texts = [
        entry
        for entry in json.loads(path.read_text("utf-8"))
        if len(entry["full_text"].split()) <= _LONGEST
        and re.fullmatch(r"[\w\s.,;:?!'$€£%@/()+-]+", entry["full_text"])
        and any(span["entity_type"] not in skip for span in entry["spans"])
    ]
    chosen = random.Random(seed).sample(texts, count)
    return [_said(entry, VOICES[i % len(VOICES)], skip) for i, entry in enumerate(chosen)]


def _said(entry: dict, voice: str, skip: frozenset[str]) -> Said:  # type: ignore[type-arg]
    text = entry["full_text"]
    spans = [span for span in entry["spans"] if span["entity_type"] not in skip]
    words, owner = [], []
    for match in re.finditer(r"\S+", text):
        words.append(match.group())
        holds = (s["start_position"] < match.end() and s["end_position"] > match.start() for s in spans)
        owner.append(next((i for i, inside in enumerate(holds) if inside), None))
    # A voice says 4539890478885136 as trillions; people say digits.
    aloud = re.sub(r"\d{5,}", lambda m: " ".join(m.group()), " ".join(text.split()))
    return Said(words, owner, [s["entity_type"] for s in spans], say(aloud, voice))


def regions(said: Said, heard: Sequence[Word]) -> list[range]:
    """Where each private span stands in a transcript: between the words around it that were heard right."""
    truth, other = [_plain(w) for w in said.words], [_plain(w.text) for w in heard]
    place: dict[int, int] = {}
    for block in SequenceMatcher(None, truth, other, autojunk=False).get_matching_blocks():
        place.update({block.a + k: block.b + k for k in range(block.size)})
    out = []
    for number in range(len(said.entities)):
        inside = [i for i, owner in enumerate(said.span) if owner == number]
        if not inside:
            out.append(range(0))
            continue
        before = [place[i] for i in range(inside[0]) if i in place and said.span[i] is None]
        after = [place[i] for i in range(inside[-1] + 1, len(truth)) if i in place and said.span[i] is None]
        low, high = before[-1] + 1 if before else 0, after[0] if after else len(other)
        own = [place[i] for i in inside if i in place]
        # Another private span beside it shares the gap: what was heard right tells them apart.
        if own and any(s is not None and s != number for s in said.span[max(0, inside[0] - 1) : inside[-1] + 2]):
            low, high = min(own), max(own) + 1
        out.append(range(low, high))
    return out


def _plain(word: str) -> str:
    return re.sub(r"[^\w]", "", bare(word).lower())


def marked(words: Sequence[Word], find: Finder) -> list[Private]:
    """The finds in a transcript, as spans of its words."""
    text = Text(words)
    out: list[Private] = []
    for find_ in sorted(find(text.string)):
        inside = text.words(find_.start, find_.end)
        if inside and (not out or inside[0] > out[-1].last):
            out.append(Private(inside[0], inside[-1], find_.entity, find_.score, find_.reason))
        elif inside and inside[-1] > out[-1].last:
            out[-1] = Private(out[-1].first, inside[-1], out[-1].entity, out[-1].score, out[-1].reason)
    return out


def secrets(said: Said) -> set[str]:
    """Private words that tell something by themselves, and that nobody says outside of what is private."""
    clear = {_plain(w) for w, owner in zip(said.words, said.span, strict=True) if owner is None}
    private = {_plain(w) for w, owner in zip(said.words, said.span, strict=True) if owner is not None}
    return {w for w in private - clear if (len(w) > 2 and not is_common(w)) or (w.isdigit() and len(w) > 2)}


def audible(secret: str, heard: Sequence[Word]) -> bool:
    """Whether a private word, or one that sounds like it, is among those heard; of a number, any three digits."""
    words = [_plain(w.text) for w in heard]
    if secret.isdigit():
        digits = _as_digits(words)
        return any(secret[i : i + 3] in digits for i in range(len(secret) - 2))
    key = sound(secret)
    return any(w == secret or (len(w) > 3 and len(key) > 2 and sound(w) == key) for w in words)


_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_DIGITS = {word: str(i) for i, word in enumerate(_NUMBERS)} | {"oh": "0"}


def _as_digits(words: Sequence[str]) -> str:
    return "".join(_DIGITS.get(word, word if word.isdigit() else " ") for word in words)


@dataclass
class _Chain:
    """One way of redacting, and what is heard after it."""

    found: Heard = field(default_factory=Heard)
    leaks: int = 0
    others: int = 0
    lost: int = 0


def spoken(
    store_path: Path,
    whisper: Transcriber,
    vosk: Transcriber | None,
    ours: PiiFinder,
    presidio: Finder,
    settings: RedactionSettings,
    count: int,
    skip: frozenset[str],
) -> None:
    """Print finds, leaks and losses of the room and of the obvious chain on ``count`` spoken sentences."""
    chains = {"discreet": _Chain(), "Whisper + presidio + mute": _Chain()}
    by_vosk = {"discreet": Heard(), "presidio": Heard()}
    mute = settings.model_copy(update={"pad_before": 0.0, "pad_after": 0.0, "merge_gap": 0.0})
    total = before = 0
    seconds = spent = 0.0
    for said in sentences(store_path, count, skip):
        started = time.process_time()
        words = whisper(said.audio)
        private = marked(words, ours.find)
        _, redactions = redact_words(words, private, settings)
        spent, seconds = spent + time.process_time() - started, seconds + said.audio.duration
        where, hidden = regions(said, words), secrets(said)
        total += len(hidden)
        first = vosk(said.audio) if vosk is not None else []
        before += sum(audible(s, words) or audible(s, first) for s in hidden)
        peer = marked(words, presidio)
        bare_spans = [
            Redaction(id=f"m{i}", kind="word", start=words[p.first].start, end=words[p.last].end, operator="silence",
                      reason="") for i, p in enumerate(peer)
        ]  # fmt: skip
        for name, finds, gone, how in (
            ("discreet", private, redactions, settings),
            ("Whisper + presidio + mute", peer, bare_spans, mute),
        ):
            chain = chains[name]
            chain.found.add(said, where, _marks(len(words), finds))
            safe = redacted(said.audio, gone, how)
            again = whisper(safe)
            more = vosk(safe) if vosk is not None else []
            chain.leaks += sum(audible(s, again) or audible(s, more) for s in hidden)
            inside = {i for region in where for i in region}
            rest = [w for i, w in enumerate(words) if i not in inside]
            still = Counter(_plain(w.text) for w in again)
            want = Counter(_plain(w.text) for w in rest)
            chain.others, chain.lost = chain.others + len(rest), chain.lost + sum((want - still).values())
        if first:
            place = regions(said, first)
            by_vosk["discreet"].add(said, place, _marks(len(first), marked(first, ours.find)))
            by_vosk["presidio"].add(said, place, _marks(len(first), marked(first, presidio)))
    listeners = "Whisper or Vosk" if vosk is not None else "Whisper alone (the extra vosk is not installed)"
    print(
        f"spoken: {count} sentences, {len(VOICES)} voices, {seconds:.0f} s, RTF {spent / max(seconds, 1e-9):.3f} (CPU)"
    )
    print(f"  {total} private words, {before} of them heard by {listeners} before anything is done")
    for name, chain in chains.items():
        print(f"  {name}: of Whisper's words {chain.found.line()}")
        print(
            f"    heard again {chain.leaks / max(1, total):.3f} of {total}, "
            f"lost {chain.lost / max(1, chain.others):.3f} of {chain.others} other words"
        )
    for name, found in by_vosk.items():
        if found.truth:
            print(f"  {name}: of Vosk's words (lower case, numbers as words) {found.line()}")


def _marks(count: int, finds: Sequence[Private]) -> list[bool]:
    out = [False] * count
    for find in finds:
        out[find.first : find.last + 1] = [True] * (find.last + 1 - find.first)
    return out
