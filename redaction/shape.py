"""What the shape of a word gives away: a capital on a word that is not common is a proper name of some kind.

A recogniser of speech writes no capital without a reason. The small named-entity model misses many rare first names,
the ones that identify best, so this rule closes the gap: better one product name too many than one patient too few.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from importlib.resources import files

from redaction.finds import Find
from redaction.names import KnownNames
from redaction.vocabulary import bare, is_common

_TOKEN = re.compile(r"\S+")
_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "mister",
        "missus",
        "dr",
        "doctor",
        "prof",
        "professor",
        "sir",
        "madam",
        "father",
        "sister",
    ]
)
_AFTER = frozenset(["phd", "md", "jr", "sr", "esq", "rn", "dds", "ii", "iii"])
_PARTICLES = frozenset(
    ["van", "von", "der", "den", "de", "la", "le", "du", "di", "da", "dos", "del", "bin", "al", "st"]
)
_FAMILIAR = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march|april|may|june|july|august|september|october|"
    r"november|december|christmas|easter|thanksgiving|halloween|hanukkah|ramadan|covid|bible|god|jesus|christ|lord|internet|"
    r"english|spanish|french|german|italian|american|british|chinese|japanese|russian|mexican|european|african|asian|latin|"
    r"christian|catholic|jewish|muslim|buddhist|republican|democrat|google|facebook|instagram|twitter|youtube|netflix|amazon|"
    r"zoom|skype|whatsapp|tiktok|spotify|uber|lyft|airbnb|apple|microsoft|windows|android|iphone|ipad|excel|powerpoint|"
    r"prozac|zoloft|xanax|lexapro|ritalin|adderall|valium|lithium|tylenol|advil|starbucks|walmart|ikea|nike|tesla|ford|"
    r"toyota|honda|medicare|medicaid|olympics|disney|freudian|bluetooth|wifi|ok|okay|mum|mom|dad|grandma|grandpa|mommy|daddy"
)
_LETTERS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]{2,})?")
_NUMBER = re.compile(r"\d{4,6}(?:-\d{4})?")


def is_cased(text: str) -> bool:
    """Whether the text uses capitals at all, other than for "I"."""
    return any(c.isupper() for c in re.sub(r"\bI\b", "", text))


def capitals(text: str) -> list[Find]:
    """Capitalised words that are not common ones; in text that uses no capitals, any word that is not a common one."""
    cased = is_cased(text)
    reason = "a capitalised word that is no common one" if cased else "no common word, in text without capitals"
    out: list[Find] = []
    for match in _TOKEN.finditer(text):
        for part in re.finditer(r"[^-\\:/\"“”(),;>]+", match.group()):
            word = bare(part.group())
            if _is_name(word, cased):
                start = match.start() + part.start() + part.group().index(word)
                out.append(Find(start, start + len(word), "PERSON", 0.4, reason))
    return out


def _is_name(word: str, cased: bool) -> bool:
    if (
        len(word) < 3
        or not _LETTERS.fullmatch(word)
        or (word.isupper() and len(word) < 6)
        or (cased and not word[0].isupper())
    ):
        return False
    return not is_common(word) and not _FAMILIAR.fullmatch(word.lower())


@cache
def _countries() -> KnownNames:
    names = (files("redaction") / "places.txt").read_text("utf-8").splitlines()
    return KnownNames(names, "LOCATION", "a country or a state", near=False, parts=False, score=0.8)


def countries(text: str) -> list[Find]:
    """Countries, US states and Canadian provinces."""
    return _countries()(text)


def grown(find: Find, text: str) -> Find:
    """A person's name with the title before and the rest of the name behind it; an address with its town and code."""
    if find.entity == "PERSON":
        return _person(find, text)
    return _address(find, text) if find.entity == "ADDRESS" else find


def _person(find: Find, text: str) -> Find:
    start, end = find.start, find.end
    before = re.search(r"(\S+)\s+\Z", text[max(0, start - 24) : start])
    if before and bare(before.group(1)).lower() in _TITLES:
        start -= len(before.group())
    if text[end - 1 : end] in (".", ",", ";", "?", "!", ":"):
        return replace(find, start=start)
    cased = is_cased(text)
    for _ in range(3):
        behind = re.match(r"[ ]+(\S+)", text[end : end + 40])
        word = bare(behind.group(1)) if behind else ""
        if not behind or not word.isalpha():
            break
        low = word.lower()
        name = _is_name(word, cased)
        if not (name or low in _PARTICLES or low in _AFTER):
            break
        if name or low in _AFTER:
            find = replace(find, end=end + behind.start(1) + behind.group(1).index(word) + len(word))
        end += behind.end()
        if behind.group(1) != word:
            break
    return replace(find, start=start)


def _address(find: Find, text: str) -> Find:
    """Over capitalised words, commas and a post code, as far as an address goes on."""
    end = at = find.end
    for _ in range(9):
        token = re.match(r"[\s,.>]*([^\s,>]+)", text[at:])
        if not token or (
            re.search(r"[.?!][\s>]+\Z", text[at : at + token.start(1)]) and not text[:at].endswith("Apt.")
        ):
            break
        word = bare(token.group(1))
        code = _NUMBER.fullmatch(word)
        if not (code or (word[:1].isupper() and word != "I") or word.lower() in _PARTICLES | {"and", "of"}):
            break
        at += token.end()
        if code or (word[:1].isupper() and not (is_common(word) and word.istitle())):
            end = at
        if code or token.group(1)[-1] in "?!":
            break
    return replace(find, end=end)
