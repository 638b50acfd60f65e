"""What is drawn over a face. A mask destroys: nothing of the picture beneath can be got back from it."""

from __future__ import annotations

from typing import Protocol

import cv2
import numpy as np

from vision.boxes import Floats
from vision.detect import Image
from vision.settings import MaskSettings

LEVELS = 32
"""Steps between the grey levels that a mosaic cell may have."""


class Masker(Protocol):
    """Draws over regions of a picture."""

    warning: str
    """What to tell a user who chooses it; empty where there is nothing to warn of."""

    def __call__(self, picture: Image, boxes: Floats) -> None:
        """Mask the regions ``boxes`` ``[K, 4]`` px of ``picture`` (BGR ``[H, W, 3]``) in place.

        Parts outside of the picture are ignored.
        """
        ...


def pixels(boxes: Floats, picture: Image) -> list[tuple[slice, slice]]:
    """The regions as rows and columns of ``picture``, rounded outwards, within it.

    A region that is not finite is the whole picture.
    """
    height, width = picture.shape[:2]
    out = []
    for box in np.asarray(boxes, np.float64).reshape(-1, 4):
        if not np.isfinite(box).all():
            out.append((slice(0, height), slice(0, width)))
            continue
        x, y, w, h = box
        left, right = max(0, int(np.floor(x))), min(width, int(np.ceil(x + w)))
        top, bottom = max(0, int(np.floor(y))), min(height, int(np.ceil(y + h)))
        if left < right and top < bottom:
            out.append((slice(top, bottom), slice(left, right)))
    return out


class Solid:
    """One colour."""

    warning = ""

    def __init__(self, settings: MaskSettings) -> None:
        self._colour = settings.colour

    def __call__(self, picture: Image, boxes: Floats) -> None:
        """See :class:`Masker`."""
        for rows, columns in pixels(boxes, picture):
            picture[rows, columns] = self._colour


class Mosaic:
    """Few coarse cells, each the mean colour beneath it, in few levels and with noise."""

    warning = ""

    def __init__(self, settings: MaskSettings, seed: int | None = None) -> None:
        """``seed`` only for tests: noise that can be repeated can be taken away again."""
        self._across = settings.cells * (1.0 + 2.0 * settings.side)
        self._random = np.random.default_rng(seed)

    def __call__(self, picture: Image, boxes: Floats) -> None:
        """See :class:`Masker`."""
        regions = pixels(boxes, picture)
        # All means are taken before anything is drawn, so that regions that overlap do not depend on their order.
        cells = [self._cells(picture[rows, columns]) for rows, columns in regions]
        for (rows, columns), small in zip(regions, cells, strict=True):
            size = (columns.stop - columns.start, rows.stop - rows.start)
            picture[rows, columns] = cv2.resize(small, size, interpolation=cv2.INTER_NEAREST)

    def _cells(self, part: Image) -> Image:
        height, width = part.shape[:2]
        # Cells are squares of the longer side's share, so a region cut by the picture's edge has fewer of them, never
        # smaller ones.
        cell = max(max(height, width) / (self._across * 1.05), 4.0)
        size = (max(1, int(width / cell)), max(1, int(height / cell)))
        small = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.float32)
        small += self._random.normal(0.0, LEVELS / 4, (*small.shape[:2], 1)).astype(np.float32)
        levels = np.clip(np.floor(small / LEVELS), 0, 255 // LEVELS)
        return np.asarray(levels * LEVELS + LEVELS // 2, np.uint8)


class Blur:
    """A strong Gaussian blur: a look, not a protection."""

    warning = (
        "blur is a look, not a protection: machines recognise blurred faces in over 90 % of cases; use mosaic or solid"
    )

    def __init__(self, settings: MaskSettings) -> None:
        self._face = 1.0 / (1.0 + 2.0 * settings.side)

    def __call__(self, picture: Image, boxes: Floats) -> None:
        """See :class:`Masker`."""
        for rows, columns in pixels(boxes, picture):
            part = picture[rows, columns]
            sigma = max(part.shape[:2]) * self._face / 5.0
            small = cv2.resize(part, (32, 32), interpolation=cv2.INTER_AREA)  # at once much faster and stronger
            small = cv2.GaussianBlur(small, (0, 0), max(1.0, sigma * 32 / max(part.shape[:2])))
            picture[rows, columns] = cv2.resize(small, (part.shape[1], part.shape[0]), interpolation=cv2.INTER_CUBIC)


def masker(settings: MaskSettings) -> Masker:
    """The masker that the settings name."""
    kinds: dict[str, type[Solid] | type[Mosaic] | type[Blur]] = {"solid": Solid, "mosaic": Mosaic, "blur": Blur}
    return kinds[settings.style](settings)
