"""What the page is told: the document in the shape its lanes need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from timeline import Timeline, Track

MOST_BOXES = 10
"""Boxes of a shown face a second: enough to frame it, few enough to send."""


def view(timeline: Timeline, items: Sequence[Mapping[str, Any]], can: Mapping[str, bool]) -> dict[str, Any]:
    """The document as JSON for the page: words as short rows, for there are many.

    Args:
        timeline: of the results.
        items: what needs attention, riskiest first.
        can: what may be done beside looking: ``decide``, ``render``, ``publish``, ``enrol``, ``original``.
    """
    return {
        "recording": timeline.recording.model_dump(),
        "people": [
            {**person.model_dump(), "label": person.label, "number": number}
            for number, person in enumerate(timeline.people)
        ],
        "turns": [
            {"start": t.start, "end": t.end, "person": t.person, "confidence": t.confidence, "overlap": t.overlap}
            for t in timeline.turns
        ],
        "words": [[w.start, w.end, w.text, w.person, w.confidence, w.redaction] for w in timeline.words],
        "redactions": [r.model_dump() for r in timeline.redactions],
        "faces": [_face(track) for track in timeline.tracks],
        "items": list(items),
        "can": dict(can),
        "notes": timeline.provenance.notes,
        "made": {"version": timeline.provenance.version, "created": timeline.provenance.created},
    }


def _face(track: Track) -> dict[str, Any]:
    boxes, last = [], float("-inf")
    for t, *box in track.boxes:
        if t - last >= 1 / MOST_BOXES:
            boxes.append([round(t, 2), *(round(side) for side in box)])
            last = t
    return {
        "id": track.id,
        "person": track.person,
        "start": track.start,
        "end": track.end,
        "masked": track.masked,
        "boxes": boxes,
    }
