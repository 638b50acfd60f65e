"""Reading the language files: what announces something private, what may follow it, and how far away."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from redaction.recognizers.announcements.shapes import Classes, Name, Pattern, Phrase, Shape, Spelled
from redaction.recognizers.announcements.tokens import Spelling
from redaction.recognizers.settings import ANNOUNCED_SCORE

LANGUAGES = ("en",)
"""Languages whose announcements are known."""
NUMBERS = ("de", "es", "fr")
"""Languages of which only the digits are known: people say numbers in their own language while speaking another."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """What announces something private, what may follow it, and how far away.

    Attributes:
        entity: what is found, e.g. ``PHONE_NUMBER``.
        before: pattern before the value; None: none is needed.
        after: pattern after the value; None: none is needed.
        shapes: what the value may be; the longest match wins.
        reach: tokens that may stand between the announcement and the value.
        gap: the words that may stand there; None: any.
        sentences: whether the value may stand in the next sentence.
        uncased: whether to look for the value in text without capitals.
        start: whether the value must begin a sentence.
        leading: whether the announcement is part of the value.
        unless: pattern that must not follow the value directly.
        score: of what is found.
        reason: why it is private.
    """

    entity: str
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    shapes: tuple[Shape, ...]
    reach: int
    gap: frozenset[str] | None
    sentences: bool
    uncased: bool
    start: bool
    leading: bool
    unless: re.Pattern[str] | None
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Language:
    """Everything that is known about one language."""

    announcements: tuple[Announcement, ...]
    spelling: Spelling
    symbols: tuple[tuple[str, re.Pattern[str]], ...]
    phrases: tuple[tuple[str, re.Pattern[str]], ...]
    leads: frozenset[str]
    asides: re.Pattern[str]


def _read(code: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / f"{code}.toml").read_text("utf-8"))


@cache
def language(code: str = "en") -> Language:
    """The language ``code``, one of :data:`LANGUAGES`."""
    data = _read(code)
    macros: dict[str, str] = {}
    for name, text in data["macros"].items():
        macros[name] = _filled(_names_in(text[1:]) if text.startswith("@") else text, macros)
    shapes: dict[str, Shape] = {name: _shape(table, macros) for name, table in data["shapes"].items()}
    gaps = {name: frozenset(text.split()) for name, text in data["gaps"].items()}
    return Language(
        tuple(_announcement(table, shapes, gaps, macros) for table in data["announcement"]),
        _spelling(data["spelling"], *(_read(other)["spelling"] for other in NUMBERS if other != code)),
        tuple((symbol, re.compile(_filled(text, macros), re.I)) for symbol, text in data["symbols"].items()),
        tuple((symbol, re.compile(_filled(text, macros), re.I)) for symbol, text in data["phrases"].items()),
        gaps["leads"],
        re.compile(rf"(?<![\w'’])(?:{data['asides']['phrases']})(?![\w'’])", re.I),
    )


def _names_in(listed: str) -> str:
    """A pattern for the names in a list beside the recognisers, e.g. of cities; sorted by letter, which is faster."""
    names = (files("redaction.recognizers") / f"{listed}.txt").read_text("utf-8").splitlines()
    by_letter: dict[str, list[str]] = {}
    for name in sorted(names, key=len, reverse=True):
        by_letter.setdefault(name[0], []).append(re.sub(r"\\([ -])", r"\1", re.escape(name[1:])))
    return "|".join(f"{letter}(?:{'|'.join(rest)})" for letter, rest in by_letter.items())


def _filled(text: str, macros: Mapping[str, str]) -> str:
    """The pattern with its macros ``<NAME>`` replaced."""
    return re.sub(r"<([A-Z_]+)>", lambda m: f"(?:{macros[m.group(1)]})", "".join(text.split("\n")))


def _pattern(text: str | None, macros: Mapping[str, str], *, whole: bool = True) -> re.Pattern[str] | None:
    """Compile a pattern in which a blank matches any blanks and hyphens."""
    if text is None:
        return None
    spaced = _filled(text, macros).replace(" ?", r"[\s-]*").replace(" ", r"[\s-]+")
    return re.compile(rf"(?<![\w'’@.-])(?:{spaced})(?![\w])" if whole else rf"\W*(?:{spaced})(?!\w)", re.I)


def _shape(table: Mapping[str, Any], macros: Mapping[str, str]) -> Shape:
    if "spelled" in table:
        # A recogniser writes O for 0 and 0 for O.
        pattern = re.sub(r"(?<![\[Z])\\d", r"[\\dO]", _filled(table["spelled"], macros)).replace("A-Z", "A-Z0")
        return Spelled(
            re.compile(pattern), table.get("longest", 16), frozenset(table.get("never", ())), table.get("whole", False)
        )
    if "classes" in table:
        return Classes(re.compile(_filled(table["classes"], macros)))
    if "pattern" in table:
        flags = re.NOFLAG if table.get("cased") else re.I
        return Pattern(re.compile(_filled(table["pattern"], macros), flags))
    if "names" in table:
        words, but = frozenset(table["names"].split()), frozenset(table.get("but", "").split())
        return Name(words, table.get("more", False), table.get("uncased", False), but)
    return Phrase(
        table["longest"],
        frozenset(table["never_first"].split()),
        frozenset(table.get("never_alone", "").split()),
        frozenset(table["stops"].split()),
        re.compile(_filled(table["needs"], macros)) if "needs" in table else None,
        table.get("rare", False),
        table.get("capitals", False),
        table.get("odd", False),
    )


def _announcement(
    table: Mapping[str, Any],
    shapes: Mapping[str, Shape],
    gaps: Mapping[str, frozenset[str]],
    macros: Mapping[str, str],
) -> Announcement:
    gap = table.get("gap", "links")
    return Announcement(
        table["entity"],
        _pattern(table.get("before"), macros),
        _pattern(table.get("after"), macros, whole=False),
        tuple(shapes[name] for name in table["shapes"]),
        table.get("reach", 6),
        None if gap == "any" else gaps[gap],
        table.get("sentences", False),
        table.get("uncased", True),
        table.get("start", False),
        table.get("leading", False),
        _pattern(table.get("unless"), macros, whole=False),
        table.get("score", ANNOUNCED_SCORE),
        table["reason"],
    )


def _compounds(*tables: Mapping[str, Any]) -> dict[str, dict[tuple[str, ...], str]]:
    out: dict[str, dict[tuple[str, ...], str]] = {}
    for words, value in (pair for table in tables for pair in table.get("compounds", {}).items()):
        first, *more = words.split()
        out.setdefault(first, {})[tuple(more)] = value
    return out


def _spelling(own: Mapping[str, Any], *others: Mapping[str, Any]) -> Spelling:
    characters = {word: value for table in (*others, own) for word, value in table["characters"].items()}
    characters |= {word: word[0].upper() for word in own["alphabet"].split()}
    return Spelling(
        characters,
        {word: digit for table in (*others, own) for word, digit in table.get("tens", {}).items()},
        own["zeros"],
        own["times"],
        frozenset(own["joints"].split()),
        tuple(tuple(words.split()) for words in own["examples"]),
        own.get("misheard", {}),
        _compounds(*others, own),
    )
