"""Template matching for faces that the detector no longer finds although the picture in their place is unchanged."""

from __future__ import annotations

from collections.abc import Mapping, Set

import cv2
import numpy as np
import numpy.typing as npt

from vision.detection.base import Image
from vision.geometry import Floats
from vision.tracking.settings import SMALLEST_PATCH, TEMPLATE_ALIKE, TEMPLATE_REACH, TEXTURED

SIDE = 24


class TemplateMatcher:
    """Small grey patches of the tracked faces as they were last detected."""

    def __init__(self) -> None:
        self._patches: dict[int, npt.NDArray[np.uint8]] = {}

    def keep(self, small: Image, scale: float, boxes: Mapping[int, Floats], alive: Set[int]) -> None:
        """Store the faces in ``boxes`` (px of the full picture, ``scale`` times ``small``); drop dead tracks."""
        self._patches = {number: patch for number, patch in self._patches.items() if number in alive}
        for number, box in boxes.items():
            patch = _part(small, box / np.float32(scale), 0.0, SIDE)
            if patch is not None and float(patch.std()) >= TEXTURED:  # in a plain patch everything looks alike
                self._patches[number] = patch

    def find(self, number: int, small: Image, scale: float, box: Floats) -> Floats | None:
        """Where the face ``number``, expected in ``box`` ``[4]`` px, still is; None if nothing matches."""
        patch = self._patches.get(number)
        if patch is None:
            return None
        around = _part(small, box / np.float32(scale), TEMPLATE_REACH, round(SIDE * (1 + 2 * TEMPLATE_REACH)))
        if around is None:
            return None
        scores = cv2.matchTemplate(around, patch, cv2.TM_CCOEFF_NORMED)
        _, best, _, (column, row) = cv2.minMaxLoc(scores)
        if best < TEMPLATE_ALIKE:
            return None
        out = np.asarray(box, np.float32).copy()
        out[:2] += (np.array([column, row], np.float32) / SIDE - TEMPLATE_REACH) * out[2:]
        return out


def _part(small: Image, box: Floats, margin: float, side: int) -> npt.NDArray[np.uint8] | None:
    """The part of ``small`` in ``box`` with a margin, as grey ``[side, side]``; edge pixels are repeated outside."""
    x, y, w, h = (float(v) for v in box)
    width, height = w * (1 + 2 * margin), h * (1 + 2 * margin)
    if min(w, h) < SMALLEST_PATCH:
        return None
    across, down = side / width, side / height
    warp = np.array([[across, 0.0, -(x - margin * w) * across], [0.0, down, -(y - margin * h) * down]])
    part = cv2.warpAffine(small, warp, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.cvtColor(part, cv2.COLOR_BGR2GRAY), np.uint8)
