"""The faces of the composed meetings: which found face is whose, and since when it is on screen."""

from __future__ import annotations

import numpy as np

from evaluation.data.composed import Composed
from vision import Detections, Floats

FIRST = 0.3
"""Seconds after coming on screen in which leaks are counted separately."""


def in_tile(faces: Detections, tile: Floats) -> Detections:
    """The best face in the middle of ``tile``, or none."""
    middle = faces.boxes[:, :2] + faces.boxes[:, 2:] / 2
    inside = np.flatnonzero((np.abs(middle - (tile[:2] + tile[2:] / 2)) < 0.35 * tile[2:]).all(axis=1))
    best = inside[np.argsort(-faces.scores[inside])][:1]
    return faces.take(best)


def on_screen_since(meeting: Composed, person: str, index: int) -> float:
    """Seconds since ``person`` last came on screen, at the picture number ``index``."""
    off = np.flatnonzero(np.isnan(meeting.tiles[person][: index + 1, 0]))
    return (index - (off[-1] + 1 if len(off) else 0)) / meeting.fps
