"""Street addresses and post codes, written or spoken: "forty two Maple Street", "Apt. 5", "Peru 38267"."""

from __future__ import annotations

import re

from redaction.text.entity import Entity
from redaction.text.number_words import NUMBER
from redaction.text.utterance import Utterance

_STREET = (
    r"(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|place|pl|terrace|way|circle|cir|square|"
    r"sq|highway|hwy|parkway|pkwy|alley|crescent|close|row|mews|trail|gardens|grove|hill|strasse|straße|str|gatan|gata|"
    r"vej|veien|gade|via|calle|weg|plein|laan|straat)"
)
_DIGIT = rf"(?:{NUMBER}|hundred)\b"
_SAID = rf"{_DIGIT}(?:[\s-]+{_DIGIT})*"
_SAID_OR_WRITTEN = rf"(?:{_SAID}|\d+)"
_NUMBER = r"\d{1,5}[a-zA-Z]?(?:[-/]\d+[a-zA-Z]?)?"
_CAP = r"(?!I\b)[^\W\d_a-z][\w'’.-]*"
_LINK = r"(?:de|da|do|del|della|di|la|le|les|van|von|der|den|of|the|and|e|y|al|av|na|u|na|im|am|an|zum|zur)"
_NAME = rf"{_CAP}(?:\s+(?:{_LINK}\s+){{0,2}}{_CAP}){{0,3}}"
_ROOM = r"(?:suite|ste|apt|apartment|unit|flat|floor|room|box|lot|building|bldg)"
_LETTER = r"(?-i:[A-HJ-Z]|[b-hj-z])\b"
_UNIT = rf"(?:{_ROOM}(?:\.?\s*#?\s*\d+\w*|\.?\s+#?\s*{_LETTER})|(?:apt|suite)[,\s-]+\d+)"
_UNIT_BEHIND = rf"(?:{_ROOM}(?:[.,]?[\s-]*#?\s*\d+\w*|[.,]?[\s-]+#?\s*(?:{_LETTER}|{_SAID})))"
"""A unit after a street, also spoken: "Maple Street apartment twelve". Alone it could be any "room two"."""
_BOX = (
    r"(?:(?:p\.?\s*o\.?\s*box|unit|box)\s+(?:a[ape]\s+)?\d+|"
    r"(?:psc|dpo|apo|fpo)[\s,-]+(?:a[ape][\s,-]+)?\d+(?:,\d{3})?)"
)
_STATE = (
    r"(?:A[AEKLPRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|"
    r"W[AIVY])"
)
_SUFFIXED = (
    r"(?:[Ss]tr(?:aße|asse|\.)?|gatan|gata|vej|veien|vegen|gade|gasse|weg|laan|straat|tie|katu|utca|ulice|ulica)"
)
_HOUSE = r"\d{1,4}[a-zA-Z]?\b"
_TAIL = rf"(?:[,\s]+(?:{_UNIT_BEHIND}|{_BOX}|{_STATE}[\s-]+\d{{5}}(?:-\d{{4}})?))*"

_HOUSE_AND_STREET = "a house number and a street"
_SURE = r"street|avenue|ave|road|rd|boulevard|blvd|highway|hwy|parkway|pkwy|apt|apartment|suite|unit|flat|floor"
_PATTERNS: tuple[tuple[re.Pattern[str], float, str], ...] = (
    (
        re.compile(
            rf"\b(?:{_NUMBER}|{_SAID}\s)\s*(?:[\w'’.-]+\s+){{1,3}}?{_STREET}\b\.?(?:\s+\d{{1,4}}\b)?{_TAIL}", re.I
        ),
        0.9,
        _HOUSE_AND_STREET,
    ),
    (re.compile(rf"\b{_NUMBER}\s+{_NAME}\s+{_HOUSE}{_TAIL}"), 0.9, "a street between two numbers"),
    (re.compile(rf"\b{_NAME}{_SUFFIXED}\s+{_HOUSE}{_TAIL}"), 0.9, "a street and a house number"),
    (re.compile(rf"\b(?:{_UNIT}|{_BOX})(?:[,\s]+(?:{_UNIT}|{_BOX}))*", re.I), 0.5, "part of a street address"),
    (
        # A recogniser hears "sweet" for "suite".
        re.compile(
            rf"\b(?:(?:{_NUMBER}|{_SAID})\s+(?:[\w'’-]+\s+){{1,5}}?)?(?:suite|sweet|apt|apartment|unit)\s+"
            rf"(?=(?:{_DIGIT}[\s-]+){{2}}|\d{{3}}){_SAID_OR_WRITTEN}",
            re.I,
        ),
        0.5,
        "part of a street address",
    ),
    (
        re.compile(r"\b(?:[\w'’.-]+[\s,]+){1,2}(?:FPO|APO|DPO)[\s,]+A[AEP][\s,-]*\d{5}\b", re.I),
        0.7,
        "an address of the armed forces",
    ),
    (re.compile(rf"\b{_STATE}[,\s-]+\d{{5}}(?:-\d{{4}})?\b"), 0.7, "a post code"),
    (re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b|\b[A-Z]\d[A-Z]\s?\d[A-Z]\d\b"), 0.6, "a post code"),
)
_ANNOUNCED = re.compile(
    r"\b(?:address(?:es)?(?:\s+is|\s+to|\s+are)?|"
    r"(?:live|lives|living|lived|located|reside[sd]?|office|house|home|moved)\s+(?:at|on|to|is)|"
    r"here\s+they\s+are|deliver(?:ed)?\s+to|ship(?:ped)?\s+to)\s*[:,]?\s*(?:is\s+)?",
    re.I,
)
_BEHIND = re.compile(
    rf"(?:at\s+|on\s+)?(?:{_CAP}\s+and\s+)?(?:{_NUMBER}|{_NAME}\s+\d{{1,4}}\b)[\s,]+(?:(?:{_CAP}|{_LINK}|{_NUMBER}|\d+)[\s,]*){{0,14}}"
)


_ANY_NOUN = re.compile(
    r"\b(?:way|place|close|row|hill|court|square|sq|drive|circle|trail|lane|gardens|dr|pl|st)\b\.?", re.I
)
"""Words for streets that also mean much else: "one obvious way", "two nice places", "a 20 minute drive"."""
_NO_STREET = frozenset(
    """
    minute minutes hour hours day days week weeks month months year years mile miles block blocks foot feet meter meters
    other different good nice better best long short whole single obvious easy hard big small new old more of the in to
    a an and or my your his her our their this that is was times
    """.split()  # noqa: SIM905 - so many words are easier read as a text
)


def _is_street(found: str, cased: bool) -> bool:
    """Whether a match is a real street: if its street word means much else, its name must have a capital."""
    street = list(_ANY_NOUN.finditer(found))
    if not street or re.search(rf"\b(?:{_SURE})\b", found, re.I):
        return True
    names = [w for w in found[: street[-1].start()].split() if not re.fullmatch(rf"{_NUMBER}|{_SAID}", w, re.I)]
    if not names:
        return True
    if any(name.lower().strip(".,") in _NO_STREET for name in names):
        return False
    if cased:
        return any(name[0].isupper() for name in names)
    digits = re.match(rf"{_NUMBER}|{_SAID}", found, re.I)
    return digits is not None and len(digits.group().split()) + sum(c.isdigit() for c in digits.group()) > 1


def addresses(utterance: Utterance) -> list[Entity]:
    """Street addresses and post codes in ``utterance``."""
    text, cased = utterance.text, utterance.cased
    out = [
        Entity(m.start(), m.end(), "ADDRESS", score, why)
        for pattern, score, why in _PATTERNS
        for m in pattern.finditer(text)
        if why != _HOUSE_AND_STREET or _is_street(m.group(), cased)
    ]
    for match in _ANNOUNCED.finditer(text):
        behind = _BEHIND.match(text, match.end())
        if behind:
            end = match.end() + len(behind.group().rstrip(" ,\n"))
            out.append(Entity(behind.start(), end, "ADDRESS", 0.6, "announced as an address by the words before it"))
    return out
