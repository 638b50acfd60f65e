"""A mosaic over a face: a few coarse cells."""

from __future__ import annotations

import cv2
import numpy as np

from vision.detection.base import Image
from vision.geometry import Floats
from vision.masking.coverage import pixels
from vision.masking.settings import LEVELS
from vision.settings import MaskSettings


class Mosaic:
    """A few coarse cells, each the mean colour beneath it, quantised and with noise."""

    warning = ""

    def __init__(self, settings: MaskSettings, seed: int | None = None) -> None:
        """``seed`` is for tests only: noise that can be reproduced can be removed."""
        self._across = settings.cells * (1.0 + 2.0 * settings.side)
        self._random = np.random.default_rng(seed)

    def __call__(self, picture: Image, boxes: Floats, speaking: Floats | None = None) -> None:
        """See :class:`vision.masking.base.Masker`."""
        regions = pixels(boxes, picture)
        # All means are taken before anything is drawn, so that overlapping regions do not depend on their order.
        cells = [self._cells(picture[rows, columns]) for rows, columns in regions]
        for (rows, columns), small in zip(regions, cells, strict=True):
            size = (columns.stop - columns.start, rows.stop - rows.start)
            picture[rows, columns] = cv2.resize(small, size, interpolation=cv2.INTER_NEAREST)

    def _cells(self, part: Image) -> Image:
        height, width = part.shape[:2]
        # Cells are squares sized by the longer side, so a region cut by the picture's edge has fewer cells, not smaller
        # ones.
        cell = max(max(height, width) / (self._across * 1.05), 4.0)
        size = (max(1, int(width / cell)), max(1, int(height / cell)))
        small = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.float32)
        small += self._random.normal(0.0, LEVELS / 4, (*small.shape[:2], 1)).astype(np.float32)
        levels = np.clip(np.floor(small / LEVELS), 0, 255 // LEVELS)
        return np.asarray(levels * LEVELS + LEVELS // 2, np.uint8)
