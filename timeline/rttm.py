"""RTTM (NIST Rich Transcription Time Marked), the field's format for turns.

One ``SPEAKER`` line per turn: ``SPEAKER file 1 start duration <NA> <NA> speaker <NA> <NA>``, seconds. Fields are
separated by blanks: see :func:`one_field`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from timeline.document import Timeline, Turn
from timeline.exclusive import exclusive
from timeline.labels import distinct

_MISSING = {"#n/a", "-nan", "<na>", "n/a", "na", "nan", "none", "null"}
"""What readers built on pandas take for an empty field, in lower case."""


def one_field(text: str) -> str:
    """``text`` as one field of a file whose fields are separated by blanks.

    Blanks become underscores. Straight quotes become typographic ones, because readers built on pandas take everything
    between two straight quotes, even line breaks, for one field. An underscore is added to names that they take for an
    empty field.
    """
    kept = (" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in text.replace('"', "\u201d"))
    field = "_".join("".join(kept).split())
    if not field:
        return "<NA>"
    return field + "_" if field.lower() in _MISSING else field


def turns_to_rttm(turns: Iterable[Turn], uri: str = "recording", labels: dict[str, str] | None = None) -> str:
    """RTTM text of ``turns``; ``labels`` maps a person's id to the text to write (the id itself by default)."""
    labels = labels or {}
    return "".join(
        f"SPEAKER {one_field(uri)} 1 {turn.start:.3f} {turn.end - turn.start:.3f} <NA> <NA> "
        f"{one_field(labels.get(turn.person, turn.person))} <NA> <NA>\n"
        for turn in sorted(turns, key=lambda turn: (turn.start, turn.end))
    )


def to_rttm(timeline: Timeline, uri: str = "recording") -> str:
    """RTTM text of a document, with each person's label."""
    return turns_to_rttm(timeline.turns, uri, _labels(timeline))


def to_exclusive_rttm(timeline: Timeline, uri: str = "recording") -> str:
    """Like :func:`to_rttm`, with one speaker at a time: where several talk, the one with the highest confidence."""
    return turns_to_rttm(exclusive(timeline.turns), uri, _labels(timeline))


def _labels(timeline: Timeline) -> dict[str, str]:
    return distinct(((person.id, person.label) for person in timeline.people), one_field)


def from_rttm(text: str) -> list[Turn]:
    """The turns of all ``SPEAKER`` lines, sorted by time; ``person`` is the speaker's label.

    Raises:
        ValueError: a line is not RTTM; the message names it.
    """
    turns = []
    for number, line in enumerate(text.splitlines(), 1):
        fields = line.split()
        if not fields or fields[0] != "SPEAKER":
            continue
        try:
            start, duration, speaker = float(fields[3]), float(fields[4]), fields[7]
            turns.append(Turn(start=start, end=start + duration, person=speaker, confidence=1.0))
        except (IndexError, ValueError) as error:
            raise ValueError(f"line {number} is not RTTM: {line.strip()[:80]}") from error
    return sorted(turns, key=lambda turn: (turn.start, turn.end))
