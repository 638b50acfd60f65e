"""A blur over a face, which does not protect it."""

from __future__ import annotations

import cv2

from vision.detection.base import Image
from vision.geometry import Floats
from vision.masking.coverage import pixels
from vision.settings import MaskSettings


class Blur:
    """A strong Gaussian blur: it looks anonymous but does not protect."""

    warning = (
        "blur is a look, not a protection: machines recognise blurred faces in over 90 % of cases; use mosaic or solid"
    )

    def __init__(self, settings: MaskSettings) -> None:
        self._face = 1.0 / (1.0 + 2.0 * settings.side)

    def __call__(self, picture: Image, boxes: Floats, speaking: Floats | None = None) -> None:
        """See :class:`vision.masking.base.Masker`."""
        for rows, columns in pixels(boxes, picture):
            part = picture[rows, columns]
            sigma = max(part.shape[:2]) * self._face / 5.0
            small = cv2.resize(part, (32, 32), interpolation=cv2.INTER_AREA)  # both much faster and stronger
            small = cv2.GaussianBlur(small, (0, 0), max(1.0, sigma * 32 / max(part.shape[:2])))
            picture[rows, columns] = cv2.resize(small, (part.shape[1], part.shape[0]), interpolation=cv2.INTER_CUBIC)
