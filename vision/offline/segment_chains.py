"""Segments of tracklets with their identification, and chains of segments of one person."""

from __future__ import annotations

from dataclasses import dataclass, field

from vision.geometry import Floats
from vision.recognition.identification import Identification
from vision.tracking.tracklet import TrackletSegment


@dataclass(slots=True, eq=False)
class IdentifiedSegment:
    """A segment of a tracklet and who is in it.

    ``follows``: the segment before it, in the same track or across a cut; ``chain``: index of its :class:`TrackChain`;
    ``firm``: the person was recognised from this segment alone.
    """

    stretch: TrackletSegment
    verdict: Identification
    follows: IdentifiedSegment | None = None
    chain: int = -1
    firm: bool = False


@dataclass(slots=True, eq=False)
class TrackChain:
    """Segments of one person, in order of time; ``mean``: their mean embedding ``[D]``, weighted by quality."""

    parts: list[IdentifiedSegment] = field(default_factory=list)
    person: str | None = None
    mean: Floats | None = None
