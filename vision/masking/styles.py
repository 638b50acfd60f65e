"""What is drawn over a face. A mask destroys: the picture beneath cannot be recovered from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import cv2
import numpy as np

from vision.detection.base import Image
from vision.geometry import Floats
from vision.masking.avatar import Avatar
from vision.masking.coverage import around, pixels, round_heads
from vision.masking.settings import LEVELS
from vision.settings import MaskSettings


class Masker(Protocol):
    """Draws over regions of a picture."""

    warning: str
    """What to tell a user who chooses it; empty if there is nothing to warn of."""

    def __call__(self, picture: Image, boxes: Floats, speaking: Floats | None = None) -> None:
        """Mask the regions ``boxes`` ``[K, 4]`` px of ``picture`` (BGR ``[H, W, 3]``) in place.

        Parts outside the picture are ignored. ``speaking`` ``[K]``: the probability 0..1 that the person in each region
        speaks, for a mask that shows it.
        """
        ...


class Solid:
    """A single colour."""

    warning = ""

    def __init__(self, settings: MaskSettings) -> None:
        self._colour = settings.colour

    def __call__(self, picture: Image, boxes: Floats, speaking: Floats | None = None) -> None:
        """See :class:`Masker`."""
        for rows, columns in pixels(boxes, picture):
            picture[rows, columns] = self._colour


class Mosaic:
    """A few coarse cells, each the mean colour beneath it, quantised and with noise."""

    warning = ""

    def __init__(self, settings: MaskSettings, seed: int | None = None) -> None:
        """``seed`` is for tests only: noise that can be reproduced can be removed."""
        self._across = settings.cells * (1.0 + 2.0 * settings.side)
        self._random = np.random.default_rng(seed)

    def __call__(self, picture: Image, boxes: Floats, speaking: Floats | None = None) -> None:
        """See :class:`Masker`."""
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


class Blur:
    """A strong Gaussian blur: it looks anonymous but does not protect."""

    warning = (
        "blur is a look, not a protection: machines recognise blurred faces in over 90 % of cases; use mosaic or solid"
    )

    def __init__(self, settings: MaskSettings) -> None:
        self._face = 1.0 / (1.0 + 2.0 * settings.side)

    def __call__(self, picture: Image, boxes: Floats, speaking: Floats | None = None) -> None:
        """See :class:`Masker`."""
        for rows, columns in pixels(boxes, picture):
            part = picture[rows, columns]
            sigma = max(part.shape[:2]) * self._face / 5.0
            small = cv2.resize(part, (32, 32), interpolation=cv2.INTER_AREA)  # both much faster and stronger
            small = cv2.GaussianBlur(small, (0, 0), max(1.0, sigma * 32 / max(part.shape[:2])))
            picture[rows, columns] = cv2.resize(small, (part.shape[1], part.shape[0]), interpolation=cv2.INTER_CUBIC)


class Rounded:
    """Another mask in the shape of a head: a superellipse around each whole region, and so larger than it."""

    def __init__(self, masker: Masker) -> None:
        self._masker, self.warning = masker, masker.warning

    def __call__(self, picture: Image, boxes: Floats, speaking: Floats | None = None) -> None:
        """See :class:`Masker`."""
        wide = around(boxes)
        places = pixels(wide, picture)
        before = [picture[rows, columns].copy() for rows, columns in places]
        self._masker(picture, wide, speaking)
        inside = round_heads(boxes, picture)
        for (rows, columns), part in zip(places, before, strict=True):
            np.copyto(picture[rows, columns], part, where=~inside[rows, columns, None])


def masker(settings: MaskSettings) -> Masker:
    """The masker that the settings name."""
    kinds: dict[str, Callable[[MaskSettings], Masker]] = {
        "solid": Solid,
        "mosaic": Mosaic,
        "blur": Blur,
        "avatar": Avatar,
    }
    made = kinds[settings.style](settings)
    return Rounded(made) if settings.shape == "head" else made
