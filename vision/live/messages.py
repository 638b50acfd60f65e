"""The messages to and from the worker that analyses pictures."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from vision.detection.base import Image
from vision.geometry import Floats
from vision.tracking.settings import CUT_WIDTH

SMALL = CUT_WIDTH
"""Width in px of the pictures in which cuts are detected."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A picture to analyse.

    Attributes:
        t: its time, s.
        picture: BGR ``[H, W, 3]``; never changed.
        small: ``(t, picture)`` at :data:`SMALL` px of all pictures since the last one analysed, including this one, so
            that no cut in between is missed.
    """

    t: float
    picture: Image
    small: tuple[tuple[float, Image], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class FaceObservation:
    """A face in one analysed picture.

    Attributes:
        number: of its track, never reused.
        epoch: number of the unbroken stretch in which it is certainly one person; a new one starts after a gap, a cut,
            a crossing or a doubt.
        box: ``[4]`` px x, y, w, h.
        face: whether it counts as a face by now, not as a weak detection.
        held: it was not detected, but the picture in its place still matches.
        crossing: another face shares its place.
        person: who it was recognised as, for the whole epoch, or None.
        since: time (s) from which nothing in this epoch contradicts ``person``.
        told: whether a crop of this very picture agrees, disagrees, or (None) says nothing.
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
    """The picture at ``t`` (s) was searched: all its faces. ``cost``: seconds it took."""

    t: float
    faces: tuple[FaceObservation, ...] = ()
    cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Failure:
    """The picture at ``t`` (s) could not be searched."""

    t: float
    reason: str = field(default="the face detector failed")


Outcome = FrameResult | Failure


def shrunk(picture: Image) -> Image:
    """A small picture for detecting cuts: no anti-aliasing is needed, and this runs for every picture."""
    width = min(SMALL, picture.shape[1])
    height = max(1, round(picture.shape[0] * width / picture.shape[1]))
    if width == picture.shape[1]:
        return picture.copy()
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
