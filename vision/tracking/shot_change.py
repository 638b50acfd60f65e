"""Detecting shot changes at faces: from one frame to the next, somebody else may be in a face's place.

A tracker matches boxes, and the tile of an active-speaker view has the same box whoever is in it. So in every frame,
each face's patch is compared with the frame before.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from vision.detection.base import Image
from vision.geometry import Floats
from vision.tracking.settings import CHANGED_FACE, CHANGED_GREY, CHANGED_SHARE, CUT_WIDTH, SMALLEST_PATCH

PATCH = 16
_WHITE, _MIRRORED = 255, 4


class ShotChangeDetector:
    """Compares each frame with the one before.

    Attributes:
        changed: whether a part of the last picture, as large as a face, was replaced: a new face may be there, and be
            gone before the next search is due.
    """

    def __init__(self, threshold: float, width: int = CUT_WIDTH) -> None:
        """``threshold``: correlation below which the picture was cut.

        ``width``: px of the grey picture that is compared.
        """
        self._threshold, self._width = threshold, width
        self._before: npt.NDArray[np.uint8] | None = None
        self.changed = True

    def __call__(self, picture: Image, numbers: list[int], boxes: Floats) -> set[int]:
        """Those of the tracks ``numbers``, expected in ``boxes`` ``[K, 4]`` px, that have a cut just before
        ``picture``.
        """
        scale = max(1.0, picture.shape[1] / self._width)
        size = (max(1, round(picture.shape[1] / scale)), max(1, round(picture.shape[0] / scale)))
        small = cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR)
        grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)
        before, self._before = self._before, grey
        if before is None or before.shape != grey.shape:
            self.changed = True
            return set()
        self.changed = _exchanged(before, grey, max(8, round(CHANGED_FACE * grey.shape[1])))
        return {n for n, box in zip(numbers, boxes / scale, strict=True) if _alike(before, grey, box) < self._threshold}


def _exchanged(before: npt.NDArray[np.uint8], now: npt.NDArray[np.uint8], side: int) -> bool:
    """Whether most of some square of ``side`` px differs from before."""
    moved = np.asarray(cv2.threshold(cv2.absdiff(before, now), CHANGED_GREY, _WHITE, cv2.THRESH_BINARY)[1])
    # Pixels beyond the edges mirror those inside, in a corner twice: each counts four times at most.
    if min(moved.shape) >= side and _MIRRORED * cv2.countNonZero(moved) <= CHANGED_SHARE * side**2:
        return False
    return float(cv2.blur(moved, (side, side)).max()) > CHANGED_SHARE * _WHITE


def _alike(before: npt.NDArray[np.uint8], now: npt.NDArray[np.uint8], box: npt.NDArray[np.float32]) -> float:
    """Best correlation of the patch in ``box`` before with the one now, moved by up to a quarter of its size.

    Returns 1 if it is too small to tell.
    """
    x, y, w, h = (float(v) for v in box)
    patch = _part(before, x, y, w, h, PATCH)
    around = _part(now, x - w / 4, y - h / 4, 1.5 * w, 1.5 * h, PATCH * 3 // 2)
    if patch is None or around is None or float(patch.std()) < 2.0:
        return 1.0
    return float(cv2.matchTemplate(around, patch, cv2.TM_CCOEFF_NORMED).max())


def _part(
    grey: npt.NDArray[np.uint8], x: float, y: float, w: float, h: float, side: int
) -> npt.NDArray[np.uint8] | None:
    height, width = grey.shape
    left, top, right, bottom = max(0, int(x)), max(0, int(y)), min(width, round(x + w)), min(height, round(y + h))
    if min(right - left, bottom - top) < SMALLEST_PATCH:
        return None
    return np.asarray(cv2.resize(grey[top:bottom, left:right], (side, side), interpolation=cv2.INTER_AREA), np.uint8)
