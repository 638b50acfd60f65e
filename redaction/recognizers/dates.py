"""Dates of birth, and ages over 89: the two dates that identify by themselves under HIPAA's Safe Harbor."""

from __future__ import annotations

import re

from redaction.recognizers.settings import BIRTH_REACH
from redaction.text.entity import Entity
from redaction.text.number_words import MONTH, ONE_TO_NINE
from redaction.text.utterance import Utterance

_ORDINAL = (
    r"(?:\d{1,2}(?:st|nd|rd|th)?|(?:twenty|thirty)[\s-]?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)?|"
    r"first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|\w+teenth|twentieth|thirtieth)"
)
_YEAR = (
    r"(?:(?:19|20)\d{2}|'\d{2}|(?:nineteen|twenty|two\s+thousand)(?:[\s-]+(?:hundred|and|oh|\w+teen|ten|eleven|twelve|"
    r"twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|one|two|three|four|five|six|seven|eight|nine)\b){1,3})"
)
_UNIT = rf"(?:{ONE_TO_NINE})"
_PART = (
    rf"(?:\d{{1,4}}|(?:twenty|thirty)[\s-]+{_UNIT}|(?:oh|zero)\s+{_UNIT}|{_UNIT}|ten|eleven|twelve|\w+teen|twenty|"
    r"thirty)"
)
_SAID = (
    rf"(?:(?:nineteen|twenty)(?:\s+hundred)?(?:\s+and)?\s+(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
    rf"(?:[\s-]+{_UNIT})?|oh\s+{_UNIT}|\w+teen|ten|eleven|twelve|{_UNIT})|two\s+thousand(?:\s+(?:and\s+)?\w+)?)"
)
_DATE = re.compile(
    rf"(?:(?:the\s+)?{_ORDINAL}\s+(?:of\s+)?{MONTH}(?:[\s,]+(?:of\s+)?{_YEAR})?|"
    rf"{MONTH}\s+(?:the\s+)?{_ORDINAL}\b(?:[\s,]+{_YEAR})?|"
    rf"{_PART}\s+(?:slash|dash)\s+{_PART}\s+(?:slash|dash)\s+(?:{_SAID}|{_PART})|{_PART}[-\s]*slash[-\s]*{_PART}[-\s]*slash[-\s]*\d{{2,4}}|"
    rf"{MONTH}\s+(?:of\s+)?{_YEAR}|\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{1,4}}|{_YEAR})",
    re.I,
)
_BORN = re.compile(r"\b(?:born|birth\s*day|date\s+of\s+birth|birth\s*date|d\.?o\.?b\.?)\b", re.I)

_NINETIES = (
    r"(?:9\d|1[01]\d|ninety(?:[\s-]+(?:one|two|three|four|five|six|seven|eight|nine))?|"
    r"(?:a|one)\s+hundred(?:\s+and)?(?:\s+\w+)?)"
)
_AGE = re.compile(
    rf"\b{_NINETIES}[\s-]+years?[\s-]+(?:old|of\s+age)|\b(?:aged?|turn(?:s|ed|ing)?)\s+{_NINETIES}\b(?!\s*(?:%|percent))|"
    rf"\b(?:he|she|i|mother|father|grandmother|grandfather|grandma|grandpa)(?:\s+is|\s+was|'s|'m)\s+{_NINETIES}"
    r"(?=\s*(?:[.,;!?]|$|now\b|and\b|already\b))",
    re.I,
)


def birth_dates(utterance: Utterance) -> list[Entity]:
    """Dates near words of birth, and ages of 90 and more."""
    text = utterance.text
    out: list[Entity] = []
    for match in _BORN.finditer(text):
        date = _DATE.search(text, match.end(), match.end() + BIRTH_REACH)
        if date:
            out.append(Entity(date.start(), date.end(), "DATE_OF_BIRTH", 0.8, "a date announced as a birth date"))
    return out + [Entity(m.start(), m.end(), "AGE", 0.6, "an age over 89") for m in _AGE.finditer(text)]
