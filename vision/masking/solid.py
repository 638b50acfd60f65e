"""A plain rectangle over a face."""

from __future__ import annotations

from vision.detection.base import Image
from vision.geometry import Floats
from vision.masking.coverage import pixels
from vision.settings import MaskSettings


class Solid:
    """A single colour."""

    warning = ""

    def __init__(self, settings: MaskSettings) -> None:
        self._colour = settings.colour

    def __call__(self, picture: Image, boxes: Floats, speaking: Floats | None = None) -> None:
        """See :class:`vision.masking.base.Masker`."""
        for rows, columns in pixels(boxes, picture):
            picture[rows, columns] = self._colour
