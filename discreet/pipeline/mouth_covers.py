"""Decides when to cover mouths: while words that were taken out of the sound could be read from the lips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from timeline import REMOVE, FaceTrack, Redaction, Segment, union
from vision import MouthPlan

BEFORE, AFTER = 0.25, 0.2
"""Seconds covered before and after a redaction: lips move before a word is heard, and close after it."""
_GAP = 0.3


def mouth_plan(
    tracks: Sequence[FaceTrack], redactions: Sequence[Redaction], track_person: Mapping[str, str]
) -> MouthPlan:
    """The mouths to cover.

    Args:
        tracks: every face.
        redactions: only those of kind ``word`` count; what is cut out of the picture needs no cover.
        track_person: track id -> person id.
    """
    spans: dict[str | None, list[Segment]] = {}
    for redaction in redactions:
        if redaction.kind == "word" and redaction.operator != REMOVE:
            spans.setdefault(redaction.person, []).append(Segment(redaction.start, redaction.end).grown(BEFORE, AFTER))
    faces: dict[str, list[str]] = {}
    for track, person in track_person.items():
        faces.setdefault(person, []).append(track)
    return MouthPlan(
        tracks,
        [(s, faces.get(person, []) if person else []) for person, given in spans.items() for s in union(given, _GAP)],
    )
