"""A drawn face in place of a real one, the same for everybody, so that it reveals nothing about the person."""

from __future__ import annotations

import cv2
import numpy as np

from vision.detection.base import Image
from vision.geometry import Floats
from vision.masking.coverage import pixels
from vision.masking.settings import OPEN, SMALLEST_AVATAR
from vision.masking.synthetic_face import DARK, HAIR, SKIN
from vision.settings import MaskSettings


class Avatar:
    """One colour with a neutral face as large as the head. No pixel of the picture beneath is used.

    Only the position and size of the face remain, and whether it seems to be speaking.
    """

    warning = ""

    def __init__(self, settings: MaskSettings) -> None:
        self._colour = settings.colour

    def __call__(self, picture: Image, boxes: Floats, speaking: Floats | None = None) -> None:
        """See :class:`vision.masking.base.Masker`."""
        regions = pixels(boxes, picture)
        scores = np.zeros(len(boxes)) if speaking is None or len(speaking) != len(boxes) else speaking
        if len(regions) != len(boxes):  # one lies outside the picture, or has no size
            scores = np.zeros(len(regions))
        for (rows, columns), score in zip(regions, scores, strict=True):
            part = picture[rows, columns]
            part[:] = self._colour
            _draw(part, bool(score >= OPEN))


def _draw(part: Image, speaks: bool) -> None:
    height, width = part.shape[:2]
    unit = min(width / 150.0, height / 190.0)
    if unit < SMALLEST_AVATAR:
        return

    def oval(x: float, y: float, a: float, b: float, colour: tuple[int, int, int]) -> None:
        middle = (round(width / 2 + x * unit), round(height / 2 + y * unit))
        axes = (max(1, round(a * unit)), max(1, round(b * unit)))
        cv2.ellipse(part, middle, axes, 0, 0, 360, colour, -1, cv2.LINE_AA)

    oval(0, -4, 60, 82, HAIR)
    oval(0, 8, 52, 68, SKIN)
    for sign in (-1, 1):
        oval(20 * sign, -6, 5, 6, (40, 40, 60))
        oval(20 * sign, -22, 11, 2, HAIR)
        oval(53 * sign, 8, 7, 13, SKIN)
    oval(0, 18, 5, 4, DARK)
    if speaks:
        oval(0, 42, 14, 10, (50, 40, 90))
    else:
        oval(0, 42, 16, 2, (60, 60, 130))
