"""A drawn face, to check that a detector finds faces without using a picture of anybody."""

from __future__ import annotations

import cv2
import numpy as np

from vision.detection.base import Image

SKIN, HAIR, DARK = (150, 180, 225), (40, 50, 70), (90, 110, 160)
SIDE = 192
"""Side of the picture, px: YuNet finds a face half as wide as this for certain."""
_ROUND, _HALF = 360, 180


def draw_synthetic_face(side: int = SIDE) -> Image:
    """A face in the middle of a plain picture ``[side, side, 3]``, half as wide as it. YuNet scores it above .9."""
    picture = np.full((side, side, 3), (150, 140, 130), np.uint8)
    unit = side / 200.0

    def oval(x: float, y: float, a: float, b: float, colour: tuple[int, int, int], until: int = _ROUND) -> None:
        thick = -1 if until == _ROUND else max(1, round(2 * unit))
        middle = (round(side / 2 + x * unit), round(side / 2 + y * unit))
        axes = (max(1, round(a * unit)), max(1, round(b * unit)))
        cv2.ellipse(picture, middle, axes, 0, 0, until, colour, thick, cv2.LINE_AA)

    oval(0, -10, 52, 68, HAIR)
    oval(0, 0, 46, 62, SKIN)
    for sign in (-1, 1):
        oval(19 * sign, -12, 9, 5, (240, 240, 240))
        oval(19 * sign, -12, 4, 5, (40, 40, 60))
        oval(19 * sign, -24, 12, 3, HAIR)
        oval(46 * sign, 0, 6, 12, (140, 170, 215))
        oval(3 * sign, 16, 2, 2, DARK)
    oval(0, 4, 4, 10, (135, 165, 212))
    oval(0, 16, 8, 4, (125, 150, 200), until=_HALF)
    oval(0, 34, 17, 5, (90, 90, 180))
    oval(0, 34, 16, 1, (60, 50, 120))
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), max(0.5, 1.2 * unit)), np.uint8)
