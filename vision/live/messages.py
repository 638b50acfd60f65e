"""What goes to the worker that looks, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass, field

from vision.detection.base import Image
from vision.geometry import Floats

SMALL = 480
"""Width in px of the pictures in which cuts are looked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A picture to look at.

    Attributes:
        t: its time, s.
        picture: BGR ``[H, W, 3]``; only read.
        small: ``(t, picture)`` at :data:`SMALL` px of all pictures since the last one that was looked at, this one
            included: a cut between two looks must not be missed.
    """

    t: float
    picture: Image
    small: tuple[tuple[float, Image], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class FaceObservation:
    """A face in one look.

    Attributes:
        number: of its track, never used again.
        epoch: number of the unbroken stretch in which it is one person for sure; a new one after a gap, a cut, a
            crossing or a doubt.
        box: ``[4]`` px x, y, w, h.
        face: whether it is taken for a face by now, and not for a weak detection.
        held: not detected; the picture in its place is still that of the face.
        crossing: another face shares its place.
        person: whom it was recognised as, for the whole epoch, or None.
        since: time (s) from which on nothing in this epoch speaks against ``person``.
        told: whether a crop of this very picture agrees, disagrees, or (None) said nothing.
        similarity: cosine to the templates of ``person``.
        embedding: ``[D]`` of this crop, weighted by its quality; None without one.
        reason: why it is recognised or not.
    """

    number: int
    epoch: int
    box: Floats
    face: bool
    held: bool = False
    crossing: bool = False
    person: str | None = None
    since: float = 0.0
    told: bool | None = None
    similarity: float = 0.0
    embedding: Floats | None = None
    reason: str = "not recognised"


@dataclass(frozen=True, slots=True, eq=False)
class FrameResult:
    """The picture at ``t`` (s) was searched: every face in it. ``cost``: seconds it took."""

    t: float
    faces: tuple[FaceObservation, ...] = ()
    cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Failure:
    """The picture at ``t`` (s) could not be searched."""

    t: float
    reason: str = field(default="the face detector failed")


Outcome = FrameResult | Failure
