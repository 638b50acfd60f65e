"""Weak detections beside a shown face: half of it, an ear, a chin.

They are masked like any face, except where they overlap the shown face.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from timeline import FaceTrack
from vision.geometry import Floats, cut_back
from vision.offline.settings import FAIR_SCORE, MOSTLY_SHADOW
from vision.tracking.tracklet import Tracklet


def is_weak(records: Sequence[Tracklet], quality: float) -> bool:
    """Whether these were mostly seen as the shadow of a much better face, and never clearly or with a good crop."""
    shadows = [shadow for record in records for shadow in record.shadow]
    best = max(max(record.scores) for record in records)
    good = max((q for record in records for q in record.quality), default=0.0)
    return float(np.mean(shadows)) >= MOSTLY_SHADOW and best < FAIR_SCORE and good < quality


def suppress(track: FaceTrack, others: Sequence[FaceTrack]) -> FaceTrack | None:
    """A weak ``track`` without the parts that ``others`` show of a face in the same frames; None if nothing is left.

    It stays whole in frames in which its middle lies in a shown face, unless that is so in all frames: it may be
    somebody in front.
    """
    boxes, inside = track.boxes.copy(), np.zeros(len(track.times), np.bool_)
    for row, t in enumerate(track.times):
        shown = [box for other in others if (box := _shown_at(other, float(t))) is not None]
        if not shown:
            continue
        beside = np.stack(shown)
        middle = boxes[row, :2] + boxes[row, 2:] / 2
        inside[row] = ((beside[:, :2] <= middle) & (middle <= beside[:, :2] + beside[:, 2:])).all(axis=1).any()
        if not inside[row]:
            boxes[row] = cut_back(boxes[row], np.array([*middle, 0.0, 0.0], np.float32), beside)
    if inside.all():
        return None
    return replace(track, boxes=boxes)


def _shown_at(track: FaceTrack, t: float) -> Floats | None:
    if not len(track.shown) or not track.start - 1e-6 <= t <= track.end + 1e-6:
        return None
    row = min(int(np.searchsorted(track.times, t - 1e-6)), len(track.times) - 1)
    return np.asarray(track.boxes[row], np.float32) if track.shown[row] else None
