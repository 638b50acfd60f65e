"""A notice that replaces a picture which is masked as a whole."""

from __future__ import annotations

import cv2
import numpy as np

from vision.detection.base import Image

GREY, INK = (72, 72, 72), (235, 235, 235)


def placeholder(shape: tuple[int, int], lines: tuple[str, ...]) -> Image:
    """A new picture ``[H, W, 3]`` of ``shape`` ``(H, W)``: one colour, with ``lines`` of text in the middle.

    Nothing of the original picture goes into it, so nothing can be recovered from it.
    """
    height, width = shape
    picture = np.empty((height, width, 3), np.uint8)
    picture[:] = GREY
    font = cv2.FONT_HERSHEY_SIMPLEX
    widest = max((cv2.getTextSize(line, font, 1.0, 2)[0][0] for line in lines), default=1)
    scale = min(0.8 * width / max(widest, 1), height / (60.0 * max(len(lines), 1)), 2.0)
    step = 40.0 * scale
    for row, line in enumerate(lines):
        thick = max(1, round(2 * scale))
        across = cv2.getTextSize(line, font, scale, thick)[0][0]
        down = height / 2 + (row - (len(lines) - 1) / 2) * step + 10.0 * scale
        cv2.putText(picture, line, (int((width - across) / 2), int(down)), font, scale, INK, thick, cv2.LINE_AA)
    return picture
