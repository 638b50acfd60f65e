"""Sentences of the text set as people say them, and which of the recognised words are private."""

from __future__ import annotations

import json
import random
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from redaction.text import bare_word, is_common, sound
from timeline import Word

NOT_PRIVATE = frozenset(["TITLE", "PREFIX", "DATE_TIME", "ORGANIZATION"])
"""Kinds of the text set that the default policy keeps: they need not be found, and are not wrong either."""
HALVES = ("tune", "report")
_LONGEST = 22
_LEAST_AROUND = 3
"""Least words that are not private; a text with fewer is a letterhead, which nobody says."""
_OF_A_TEMPLATE = 3
_BY_DIGIT = frozenset(["CREDIT_CARD", "US_SSN", "PHONE_NUMBER", "IBAN_CODE", "US_DRIVER_LICENSE"])
_BY_NAME = frozenset(["EMAIL_ADDRESS", "DOMAIN_NAME", "IP_ADDRESS"])
_SIGNS = {"@": " at ", ".": " dot ", "_": " underscore ", "-": " dash "}


@dataclass(frozen=True)
class Said:
    """A sentence: its words, the private span of each word (None: none), the kinds of spans, and how it is said."""

    words: list[str]
    span: list[int | None]
    entities: list[str]
    aloud: str


def sentences(path: Path, count: int, skip: frozenset[str], half: str, seed: int = 11) -> list[Said]:
    """Sentences of the text set that hold something private.

    Args:
        path: presidio-research's generated sentences.
        count: at most this many, and at most three per template.
        skip: kinds that the policy keeps.
        half: of the templates, one of :data:`HALVES`.
        seed: of the choice.
    """
    entries = [entry for entry in json.loads(path.read_text("utf-8")) if _said_by_people(entry, skip)]
    templates = sorted({entry["masked"].lower() for entry in entries})
    random.Random(seed).shuffle(templates)
    mine = set(templates[HALVES.index(half) :: 2])
    random.Random(seed + 1).shuffle(entries)
    taken: Counter[str] = Counter()
    chosen = []
    for entry in entries:
        template = entry["masked"].lower()
        if template in mine and taken[template] < _OF_A_TEMPLATE:
            taken[template] += 1
            chosen.append(entry)
    return [said(entry, skip) for entry in chosen[:count]]


def _said_by_people(entry: dict, skip: frozenset[str]) -> bool:  # type: ignore[type-arg]
    text = entry["full_text"]
    if len(text.split()) > _LONGEST or not any(span["entity_type"] not in skip for span in entry["spans"]):
        return False
    if not all(unicodedata.name(c, "").startswith("LATIN") for c in text if c.isalpha()):
        return False
    return said(entry, frozenset()).span.count(None) >= _LEAST_AROUND


def said(entry: dict, skip: frozenset[str]) -> Said:  # type: ignore[type-arg]
    """An entry of the text set, without its spans of the kinds ``skip``."""
    text = entry["full_text"]
    spans = sorted((s for s in entry["spans"] if s["entity_type"] not in skip), key=lambda s: s["start_position"])
    words, owner = [], []
    for match in re.finditer(r"\S+", text):
        words.append(match.group())
        holds = (s["start_position"] < match.end() and s["end_position"] > match.start() for s in spans)
        owner.append(next((i for i, inside in enumerate(holds) if inside), None))
    parts, at = [], 0
    for span in spans:
        if span["start_position"] >= at:
            parts.append(text[at : span["start_position"]])
            parts.append(_aloud(text[span["start_position"] : span["end_position"]], span["entity_type"]))
            at = span["end_position"]
    whole = "".join([*parts, text[at:]]).replace("\\", "")
    # A synthetic voice says 4539890478885136 as trillions; people say digits.
    whole = re.sub(r"\d{5,}", lambda m: " ".join(m.group()), whole)
    return Said(words, owner, [s["entity_type"] for s in spans], " ".join(whole.split()))


def _aloud(text: str, entity: str) -> str:
    """The text as people say it: long numbers in groups of digits, the signs of addresses by name."""
    if entity in _BY_DIGIT:
        signs = [c for c in text if c.isalnum()]
        return ", ".join(" ".join(signs[i : i + 4]) for i in range(0, len(signs), 4))
    if entity in _BY_NAME:
        text = re.sub(r"^https?://|/+$", "", text).replace("www.", "w w w.")
        text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
        return "".join(_SIGNS.get(c, c) for c in text)
    return text


def regions(said: Said, heard: Sequence[Word]) -> list[range]:
    """The place of each private span in a transcript: between correctly recognised words around it."""
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
        # Another private span beside it shares the gap: correctly recognised words separate them.
        if own and any(s is not None and s != number for s in said.span[max(0, inside[0] - 1) : inside[-1] + 2]):
            low, high = min(own), max(own) + 1
        out.append(range(low, high))
    return out


def _plain(word: str) -> str:
    return re.sub(r"[^\w]", "", bare_word(word).lower())


def secrets(said: Said) -> set[str]:
    """Private words that reveal something alone and are not said elsewhere in the sentence."""
    clear = {_plain(w) for w, owner in zip(said.words, said.span, strict=True) if owner is None}
    private = {_plain(w) for w, owner in zip(said.words, said.span, strict=True) if owner is not None}
    return {w for w in private - clear if (len(w) > 2 and not is_common(w)) or (w.isdigit() and len(w) > 2)}


def audible(secret: str, heard: Sequence[Word]) -> bool:
    """Whether a private word, or a similar-sounding one, is among those heard; for a number, any three digits."""
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


def lost(before: Sequence[Word], *after: Sequence[Word]) -> int:
    """How many of the words ``before`` no listener hears ``after``; repeated words count each time."""
    heard = [Counter(_plain(w.text) for w in words) for words in after]
    want = Counter(_plain(w.text) for w in before)
    return sum(max(0, count - max(h[word] for h in heard)) for word, count in want.items())
