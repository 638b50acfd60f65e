"""Tiers for ELAN and Praat: rows of spans that never overlap. Times in whole milliseconds.

Each speaker has a tier of utterances and one of words. What overlaps within one of them goes to a further tier, and a
span without length becomes one millisecond long, because neither program can show it otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from discreet.export.utterances import speakers, utterances
from timeline import Timeline

WORDS = " words"
"""Follows the speaker's label in the name of the tier of words."""
Span = tuple[int, int, str]
"""Start, end (ms) and text."""


@dataclass(frozen=True, slots=True)
class Tier:
    """Spans by their start. ``kind`` is "utterances" or "words"."""

    name: str
    speaker: str
    kind: str
    spans: tuple[Span, ...]


def tiers(timeline: Timeline) -> list[Tier]:
    """The tiers of everybody who says anything, in the order of the document."""
    labels = speakers(timeline)
    every = utterances(timeline, labels)
    out: list[Tier] = []
    taken = set(labels.values())
    for label in labels.values():
        own = [one for one in every if one.speaker == label]
        for kind, spans in (
            ("utterances", [_span(one.start, one.end, one.text) for one in own]),
            ("words", [_span(said.start, said.end, said.text) for one in own for said in one.words]),
        ):
            for number, row in enumerate(_rows(spans), 1):
                name = label + (WORDS if kind == "words" else "") + (f" ({number})" if number > 1 else "")
                if name != label or kind == "words":
                    while name in taken:
                        name += "'"
                    taken.add(name)
                out.append(Tier(name, label, kind, tuple(row)))
    return out


def _span(start: float, end: float, text: str) -> Span:
    first = round(start * 1000)
    return first, max(first + 1, round(end * 1000)), text


def _rows(spans: Iterable[Span]) -> list[list[Span]]:
    """The spans in as few rows as need be for none to overlap another of its row."""
    rows: list[list[Span]] = []
    for span in sorted(spans):
        for row in rows:
            if row[-1][1] <= span[0]:
                row.append(span)
                break
        else:
            rows.append([span])
    return rows
