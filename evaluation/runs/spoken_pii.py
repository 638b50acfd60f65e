"""Private details said aloud: recognised, redacted as the product does it, and listened for.

Several synthetic voices (:mod:`evaluation.data.synthetic_voices`) speak sentences of the text set, one recording per
voice. The whole room processes it (:mod:`evaluation.runs.redaction_stages`), including verification. Then Whisper and
Vosk listen to the result: Whisper to all of it and to the stretches in which words were heard, because it never hears
the same twice. A private word is audible if any of them hears it; another word is lost if none does. The obvious chain
(Whisper, presidio's defaults, mute) redacts the same sound.

The templates of the text set are halved: rules may be made with one half (``tune``); figures are of the other
(``report``).
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from diarization import SpeechFinder
from discreet.config import Settings
from discreet.pipeline import Normalised
from evaluation.data.pii_sentences import Said, audible, lost, regions, secrets
from evaluation.data.synthetic_voices import RATE, Voices
from evaluation.metrics.audible_leaks import redacted
from evaluation.runs.redaction_stages import Kept, work
from redaction import Entity, PiiFinder, PrivateSpan
from redaction.text import Utterance
from timeline import ArrayAudio, Redaction, Segment, Word, union

_PAUSE = 1.0
"""Seconds between two sentences."""
_FLOOR = 1e-4
_EARLY, _LATE = 0.2, 0.8
"""Seconds around a sentence in which its words may be placed."""
CHAINS = ("discreet", "Whisper + presidio + mute")
Finder = Callable[[str], Sequence[Entity]]


@dataclass(frozen=True)
class Talk:
    """Sentences said one after the other by one voice, and when (s)."""

    audio: ArrayAudio = field(repr=False)
    said: list[tuple[Said, Segment]]


def talks(chosen: Sequence[Said], voices: Voices) -> list[Talk]:
    """The sentences, distributed among the voices."""
    out = []
    for number, voice in enumerate(voices.names):
        parts, timed, at = [np.zeros(RATE // 2, np.float32)], [], RATE // 2
        for said in chosen[number :: len(voices.names)]:
            samples = voices(said.aloud, voice)
            timed.append((said, Segment(at / RATE, (at + len(samples)) / RATE)))
            parts += [samples, np.zeros(round(_PAUSE * RATE), np.float32)]
            at += len(samples) + round(_PAUSE * RATE)
        x = np.concatenate(parts)
        noise = np.random.default_rng(number).normal(0, _FLOOR, len(x))
        out.append(Talk(ArrayAudio((x + noise).astype(np.float32)), timed))
    return out


@dataclass
class Heard:
    """Counts over spans and words: how much of what is private was found."""

    found: Counter[str] = field(default_factory=Counter)
    truth: Counter[str] = field(default_factory=Counter)
    right: int = 0
    wrong: int = 0

    def add(self, said: Said, regions: Sequence[range], marked: Sequence[bool]) -> None:
        """Add what was found in a transcript: ``marked`` says which of its words were marked private."""
        inside = {i for region in regions for i in region}
        for entity, region in zip(said.entities, regions, strict=True):
            if len(region):
                self.truth[entity] += 1
                self.found[entity] += all(marked[i] for i in region)
        for i, mark in enumerate(marked):
            self.right, self.wrong = self.right + (mark and i in inside), self.wrong + (mark and i not in inside)

    def line(self) -> str:
        """The figures in one line, and by kind in another."""
        r = sum(self.found.values()) / max(1, sum(self.truth.values()))
        p = self.right / max(1, self.right + self.wrong)
        f2 = 5 * p * r / (4 * p + r) if p + r else 0.0
        kinds = ", ".join(f"{k} {self.found[k] / n:.2f} of {n}" for k, n in self.truth.most_common())
        return f"recall {r:.3f} precision {p:.3f} (of words) F2 {f2:.3f}\n    {kinds}"


@dataclass
class Chain:
    """What is heard after one way of redacting."""

    found: Heard = field(default_factory=Heard)
    leaks: int = 0
    understood: int = 0
    lost: int = 0
    lost_in_speech: int = 0
    lost_to_all: int = 0
    covered: int = 0


@dataclass
class Counts:
    """All counts over the talks so far."""

    chains: dict[str, Chain] = field(default_factory=lambda: {name: Chain() for name in CHAINS})
    by_vosk: dict[str, Heard] = field(default_factory=lambda: {"discreet": Heard(), "presidio": Heard()})
    sentences: int = 0
    seconds: float = 0.0
    private: int = 0
    before: int = 0
    others: int = 0
    placed: int = 0
    widened: int = 0
    silenced: int = 0

    def show(self, listeners: str) -> None:
        """Print them."""
        print(f"spoken: {self.sentences} sentences, {self.seconds:.0f} s")
        print(
            f"  {self.private} private words, {self.before} of them understood by {listeners} before anything is done"
        )
        print(f"  proof: {self.widened} redacted wider, {self.silenced} segments silenced")
        for name, chain in self.chains.items():
            lost, others = (chain.lost, chain.lost_in_speech, chain.lost_to_all), max(1, self.others)
            to_whisper, in_speech, to_all = (count / others for count in lost)
            print(
                f"  {name}: heard again {chain.understood / max(1, self.before):.3f} of {self.before} understood, "
                f"{chain.leaks / max(1, self.private):.3f} of all; "
                f"lost to Whisper {to_whisper:.3f} of {self.others} other words, "
                f"in the stretches {in_speech:.3f}, to all {to_all:.3f}"
            )
            if self.placed:
                share = chain.covered / self.placed
                print(f"    half covered, as Vosk places them: {share:.3f} of {self.placed} other words")
            print(f"    of Whisper's words {chain.found.line()}")
        for name, found in self.by_vosk.items():
            if found.truth:
                print(f"  {name}: of Vosk's words (lower case, numbers as words) {found.line()}")


def marked(words: Sequence[Word], find: Finder) -> list[PrivateSpan]:
    """The finds in a transcript, as spans of its words."""
    text = Utterance.of(words)
    out: list[PrivateSpan] = []
    for find_ in sorted(find(text.text)):
        inside = text.words(find_.start, find_.end)
        if inside and (not out or inside[0] > out[-1].last):
            out.append(PrivateSpan(inside[0], inside[-1], find_.entity, find_.score, find_.reason))
        elif inside and inside[-1] > out[-1].last:
            out[-1] = PrivateSpan(out[-1].first, inside[-1], out[-1].entity, out[-1].score, out[-1].reason)
    return out


def within(words: Sequence[Word], when: Segment) -> list[int]:
    """Indices of the words that belong to the sentence said ``when``."""
    middles = [(w.start + w.end) / 2 for w in words]
    return [i for i, middle in enumerate(middles) if when.start - _EARLY <= middle <= when.end + _LATE]


@dataclass(frozen=True)
class Listeners:
    """The models at work.

    ``whisper`` hears the words, ``again`` verifies and listens to the result, and so does ``vosk`` if it is installed;
    ``ours`` finds what is private, ``presidio`` does for the other chain.
    """

    speech: SpeechFinder
    whisper: Kept
    again: Kept
    vosk: Kept | None
    ours: PiiFinder
    presidio: Finder


def spoken(chosen: Sequence[Said], voices: Voices, listeners: Listeners, settings: Settings) -> None:
    """Print finds, leaks and losses of the room and of the obvious chain on the sentences ``chosen``, spoken."""
    speech, ours, presidio = listeners.speech, listeners.ours, listeners.presidio
    whisper, again, vosk = listeners.whisper, listeners.again, listeners.vosk
    counts = Counts()
    mute = settings.redaction.model_copy(update={"pad_before": 0.0, "pad_after": 0.0, "merge_gap": 0.0})
    for talk, voice in zip(talks(chosen, voices), voices.names, strict=True):
        done = work(talk.audio, speech, whisper, ours, settings, again)
        words = done.transcript.words
        counts.sentences, counts.seconds = counts.sentences + len(talk.said), counts.seconds + talk.audio.duration
        counts.widened, counts.silenced = counts.widened + done.proof.widened, counts.silenced + done.proof.silenced
        peer = marked(words, presidio)
        gone = dict(zip(CHAINS, (done.redactions, _mutes(words, peer)), strict=True))
        sounds = dict(zip(CHAINS, (done.safe, redacted(talk.audio, gone[CHAINS[1]], mute)), strict=True))
        own = [(w.start, w.end, w.text) in done.gone for w in words]
        marks = dict(zip(CHAINS, (own, _marks(words, peer)), strict=True))
        first = vosk(talk.audio) if vosk is not None else []
        stretches = list(speech(Normalised(talk.audio)))
        after = {
            name: (again(sound), again(sound, stretches), vosk(sound) if vosk is not None else [])
            for name, sound in sounds.items()
        }
        for said, when in talk.said:
            at = within(words, when)
            heard, other = [words[i] for i in at], [first[i] for i in within(first, when)]
            where, hidden = regions(said, heard), secrets(said)
            inside = {i for region in where for i in region}
            rest = [w for i, w in enumerate(heard) if i not in inside]
            known = {s for s in hidden if audible(s, heard) or audible(s, other)}
            counts.private, counts.before = counts.private + len(hidden), counts.before + len(known)
            counts.others += len(rest)
            private = {i for region in regions(said, other) for i in region}
            clear = [w for i, w in enumerate(other) if i not in private]
            counts.placed += len(clear)
            for name, chain in counts.chains.items():
                now = [[ws[i] for i in within(ws, when)] for ws in after[name]]
                still = {s for s in hidden if any(audible(s, ws) for ws in now)}
                chain.leaks, chain.understood = chain.leaks + len(still), chain.understood + len(still & known)
                chain.lost += lost(rest, now[0])
                chain.lost_in_speech += lost(rest, now[1])
                chain.lost_to_all += lost(rest, *now)
                chain.covered += sum(_half_covered(w, gone[name]) for w in clear)
                chain.found.add(said, where, [marks[name][i] for i in at])
        if first:
            _add_vosk(counts.by_vosk, talk, first, ours, presidio)
        print(f"after the voice {voice}:")
        counts.show("Whisper or Vosk" if vosk is not None else "Whisper alone (the extra vosk is not installed)")
        sys.stdout.flush()


def _half_covered(word: Word, redactions: Sequence[Redaction]) -> bool:
    spans = union(Segment(r.start, r.end) for r in redactions)
    taken = sum(max(0.0, min(word.end, s.end) - max(word.start, s.start)) for s in spans)
    return taken >= 0.5 * (word.end - word.start)


def _add_vosk(by_vosk: dict[str, Heard], talk: Talk, words: Sequence[Word], ours: PiiFinder, presidio: Finder) -> None:
    done, _ = ours.redact(words)
    gone = {(w.start, w.end, w.text) for said in done.said.values() for w in said}
    marks = {
        "discreet": [(w.start, w.end, w.text) in gone for w in words],
        "presidio": _marks(words, marked(words, presidio)),
    }
    for said, when in talk.said:
        at = within(words, when)
        where = regions(said, [words[i] for i in at])
        for name, marks_ in marks.items():
            by_vosk[name].add(said, where, [marks_[i] for i in at])


def _mutes(words: Sequence[Word], private: Sequence[PrivateSpan]) -> list[Redaction]:
    return [
        Redaction(
            id=f"m{i}", kind="word", start=words[p.first].start, end=words[p.last].end, operator="silence", reason=""
        )
        for i, p in enumerate(private)
    ]


def _marks(words: Sequence[Word], finds: Sequence[PrivateSpan]) -> list[bool]:
    out = [False] * len(words)
    for find in finds:
        out[find.first : find.last + 1] = [True] * (find.last + 1 - find.first)
    return out
