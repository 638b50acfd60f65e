"""Masks in the shape of a head rather than a box."""

from __future__ import annotations

import numpy as np

from vision.detection.base import Image
from vision.geometry import Floats
from vision.masking.base import Masker
from vision.masking.coverage import around, pixels, round_heads


class HeadShaped:
    """Another mask in the shape of a head: a superellipse around each whole region, and so larger than it."""

    def __init__(self, masker: Masker) -> None:
        self._masker, self.warning = masker, masker.warning

    def __call__(self, picture: Image, boxes: Floats, speaking: Floats | None = None) -> None:
        """See :class:`vision.masking.base.Masker`."""
        wide = around(boxes)
        places = pixels(wide, picture)
        before = [picture[rows, columns].copy() for rows, columns in places]
        self._masker(picture, wide, speaking)
        inside = round_heads(boxes, picture)
        for (rows, columns), part in zip(places, before, strict=True):
            np.copyto(picture[rows, columns], part, where=~inside[rows, columns, None])
