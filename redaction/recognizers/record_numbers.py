"""Numbers of records and accounts that the words before them announce: "record number 381", "policy A B 4 4 1".

:mod:`redaction.recognizers.spoken_numbers` finds every number of four digits or more. What is announced as a number is
private from two characters on, letters included.
"""

from __future__ import annotations

import re

from redaction.text.entity import Entity
from redaction.text.number_words import NATO, NUMBER
from redaction.text.utterance import Utterance

_WHAT = (
    r"(?:medical\s+record|health\s+record|record|chart|account|bank\s+account|case|file|policy|insurance|member(?:ship)?|"
    r"patient|client|student|claim|group|beneficiary|licen[cs]e(?:\s+plate)?|passport|badge|plate|serial|registration|"
    r"device|vehicle|customer|employee|reference|confirmation|booking|ticket|room|invoice|order|tracking|prescription)"
)
_ANNOUNCED = re.compile(
    rf"\b(?:{_WHAT}\s+(?:number|numbers|no\.?|id|i\.d\.|identifier|code|#)|mrn|m\.r\.n\.|vin|licen[cs]e\s+plate)"
    r"(?:\s+(?:is|was|are|of|should\s+be|reads?|ends?\s+in)\b)?[\s:,#]*(?:(?:uh|um|it's|its|that's)[\s,]+)*",
    re.I,
)
_SAID = rf"{NUMBER}|hundred|double|triple|dash|hyphen|slash"
_PART = (
    rf"(?:[A-Za-z]{{0,4}}-?\d[\dA-Za-z/-]*|(?:{_SAID}|{NATO})(?:-(?:{_SAID}))?(?![\w'])|"
    r"(?:[A-Za-z]|(?-i:[A-Z]{2,4}))(?![\w']))"
)
_NUMBER = re.compile(rf"{_PART}(?:[\s,.-]+{_PART})*", re.I)
_FILLERS = frozenset(("a", "i", "dash", "hyphen", "slash"))


def record_numbers(utterance: Utterance) -> list[Entity]:
    """Numbers announced as those of a record, an account, a policy, a licence or a vehicle."""
    text, out = utterance.text, []
    for match in _ANNOUNCED.finditer(text):
        number = _NUMBER.match(text, match.end())
        if number is None:
            continue
        parts = re.findall(r"[^\s,.]+", number.group())
        while parts and parts[-1].lower() in _FILLERS:  # "... 12 a day"
            parts.pop()
        if sum(1 if not any(c.isdigit() for c in p) else len(p) for p in parts) >= 2:
            end = number.start() + _length(number.group(), len(parts))
            out.append(Entity(number.start(), end, "NUMBER", 0.65, "announced as the number of a record or an account"))
    return out


def _length(text: str, count: int) -> int:
    """Number of characters up to the end of part ``count``."""
    return [m.end() for m in re.finditer(r"[^\s,.]+", text)][count - 1]
