"""A text as tokens, and what a sequence of them spells: "K-N one nine, X-ray R T" spells ``KN19XRT``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from redaction.recognizers.settings import CODE_CAPITALS, NUMBER_WORDS
from redaction.text.lexicon import FUNCTION, is_word

_WORD = re.compile(r"\S+")
_PARTED = re.compile(r"[^\W\d_]{2,}(?:-[^\W\d_]{2,})+")
_PIECES = re.compile(r"[^A-Za-z\d#*]+")
_NO_CODE = re.compile(
    r"[$€£%]|\d:\d|^\d{1,2}/\d{1,2}/\d{2,4}$|"
    r"^\d+\.\d{1,2}$|^\d{1,3}(?:,\d{3})+$|^\d+(?:st|nd|rd|th|s|am|pm|kg|mg|cm|km|m|ml)$",
    re.I,
)
"""Amounts, times, dates, ordinals and measures, which are not codes."""
_LETTERS_ALONE = ("a", "i")


@dataclass(frozen=True, slots=True)
class SpokenToken:
    """A word of a text, or a part of a hyphenated word.

    Attributes:
        start, end: its characters in the text, without punctuation at its ends.
        text: those characters.
        low: the same in lower case.
        ends: whether a sentence ends with it.
        asks: whether that sentence is a question.
        parted: whether punctuation follows.
    """

    start: int
    end: int
    text: str
    low: str
    ends: bool = False
    asks: bool = False
    parted: bool = False


def tokens(text: str) -> list[SpokenToken]:
    """The tokens of a text. A token without a letter or digit is left out; "twenty-third" is two."""
    out: list[SpokenToken] = []
    for match in _WORD.finditer(text):
        raw = match.group()
        core = raw.strip('.,;:?!"“”()[]…')
        if not any(c.isalnum() for c in core):
            continue
        at = match.start() + raw.index(core)
        behind = raw[raw.index(core) + len(core) :]
        pieces = core.split("-") if _PARTED.fullmatch(core) else [core]
        for piece in pieces:
            last = piece is pieces[-1]
            ends = last and any(c in behind for c in ".?!") and not _abbreviated(core, text[match.end() :])
            out.append(
                SpokenToken(
                    at,
                    at + len(piece),
                    piece,
                    piece.lower().replace("’", "'"),
                    ends,
                    ends and "?" in behind,
                    last and bool(behind),
                )
            )
            at += len(piece) + 1
    return out


_SHORT = frozenset(["mr", "mrs", "dr", "ms", "st", "ext", "no"])


def _abbreviated(core: str, behind: str) -> bool:
    """Whether the full stop after a word does not end a sentence: "Mr.", "ext.", "D. O. B."."""
    return (len(core) == 1 and core.isalpha() and behind.strip() != "") or core.lower() in _SHORT


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a language says characters.

    Attributes:
        characters: word -> the characters it stands for: "seven", "fourteen", "bravo", "hash".
        tens: word -> the first digit, which a unit may follow: "forty" -> 4.
        zeros: word -> the zeros it adds: "hundred" -> 00.
        times: word -> how often the next character is repeated: "double" -> 2.
        joints: words between characters that mean none: "dash".
        examples: words before an example of a letter: "for", "as in".
        misheard: word -> the character that a recogniser may write so: "you" -> U. Counts only between characters.
        compounds: first word -> the words behind it -> the number that they mean: "quatre", "vingt douze" -> 92.
    """

    characters: Mapping[str, str]
    tens: Mapping[str, str]
    zeros: Mapping[str, str]
    times: Mapping[str, int]
    joints: frozenset[str]
    examples: tuple[tuple[str, ...], ...]
    misheard: Mapping[str, str] = field(default_factory=dict)
    compounds: Mapping[str, Mapping[tuple[str, ...], str]] = field(default_factory=dict)

    def begins(self, token: SpokenToken, *, cased: bool) -> bool:
        """Whether a sequence that spells something may begin with this token."""
        return token.low in self.times or self._part([token], 0, "", cased=cased) is not None

    def spelled(self, run: Sequence[SpokenToken], *, cased: bool) -> str | None:
        """What a sequence of tokens spells, in capitals; None if one of them spells nothing or the last is a joint."""
        out, times, at = "", 1, 0
        while at < len(run):
            low = run[at].low
            if low in self.times:
                times, at = self.times[low], at + 1
                continue
            compound = self._compound(run, at)
            if compound is not None:
                out, at, times = out + compound[0] * times, at + compound[1], 1
                continue
            skipped = self._example(run, at) if out else 0
            if skipped:
                at += skipped
                continue
            part = self._part(run, at, out, cased=cased)
            if part is None:
                part = self._misheard(run, at)
            if part is None:
                return None
            out, at = out + part * times, at + 1
            times = 1 if part else times
        last = run[-1]
        lone = last.text.lower() in _LETTERS_ALONE and cased and not (last.ends or last.parted)
        if last.low in self.joints or times > 1 or (lone and not (len(run) > 1 and len(run[-2].text) == 1)):
            return None
        return out

    def _part(self, run: Sequence[SpokenToken], at: int, before: str, *, cased: bool) -> str | None:
        token = run[at]
        low = token.low
        if low in self.tens:
            behind = run[at + 1].low if at + 1 < len(run) else ""
            unit = self.characters.get(behind, "")
            return self.tens[low] + ("" if len(unit) == 1 and unit in "123456789" else "0")
        if low in self.characters:
            return self.characters[low]
        if low in self.zeros:
            return self.zeros[low] if before[-1:].isdigit() else None
        if low in self.joints and before:
            return ""
        return self._written(token.text, cased=cased)

    def _written(self, text: str, *, cased: bool) -> str | None:
        if _NO_CODE.search(text):
            return None
        out = ""
        for piece in filter(None, _PIECES.split(text)):
            low = piece.lower()
            if low in self.characters or low in self.tens:
                out += self.characters.get(low) or self.tens[low]
            elif len(piece) == 1 or any(c.isdigit() for c in piece):
                out += piece.upper()
            elif piece.isupper() and len(piece) <= CODE_CAPITALS:
                out += piece
            elif len(piece) <= (2 if cased else 3) and low not in FUNCTION and not is_word(low):
                out += piece.upper()
            else:
                return None
        return out or None

    def _compound(self, run: Sequence[SpokenToken], at: int) -> tuple[str, int] | None:
        """The number that several words mean together, and how many they are; the longest such number."""
        known = self.compounds.get(run[at].low)
        for count in range(min(NUMBER_WORDS, len(run) - at), 1, -1) if known else ():
            value = known.get(tuple(token.low for token in run[at + 1 : at + count])) if known else None
            if value is not None:
                return value, count
        return None

    def _misheard(self, run: Sequence[SpokenToken], at: int) -> str | None:
        """The character that was heard as a word, between two that were heard as characters."""
        beside = [*run[max(at - 1, 0) : at], *run[at + 1 : at + 2]]
        if len(beside) == 2 and all(len(t.text) == 1 or any(c.isdigit() for c in t.text) for t in beside):
            return self.misheard.get(run[at].low)
        return None

    def _example(self, run: Sequence[SpokenToken], at: int) -> int:
        """Number of tokens of an example like "for sugar" after an S; 0 if there is none."""
        for words in self.examples:
            count = len(words)
            lead = tuple(token.low for token in run[at : at + count])
            if lead == words and at and at + count < len(run) and run[at + count].low[:1] == run[at - 1].low[:1]:
                return count + 1
        return 0
