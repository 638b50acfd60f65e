"""Converting regions to pixels, never fewer than they touch."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from vision.detection.base import Image
from vision.geometry import Floats
from vision.masking.settings import ROUND


def pixels(boxes: Floats, picture: Image) -> list[tuple[slice, slice]]:
    """The regions as rows and columns of ``picture``, rounded outwards and clipped to it.

    A region that is not finite becomes the whole picture.
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


def around(boxes: Floats) -> Floats:
    """The bounding boxes ``[K, 4]`` of the smallest superellipses that contain ``boxes``."""
    grow = np.float32(2.0 ** (1.0 / ROUND))
    boxes = np.asarray(boxes, np.float32).reshape(-1, 4)
    size = boxes[:, 2:] * grow
    return np.concatenate([boxes[:, :2] - (size - boxes[:, 2:]) / 2, size], axis=1)


def round_heads(boxes: Floats, picture: Image) -> npt.NDArray[np.bool_]:
    """Mask ``[H, W]`` of the pixels inside the superellipses around ``boxes`` ``[K, 4]``, which contain the whole
    boxes.
    """
    inside = np.zeros(picture.shape[:2], np.bool_)
    for box, wide in zip(np.asarray(boxes, np.float32).reshape(-1, 4), around(boxes), strict=True):
        for rows, columns in pixels(box[None], picture):
            inside[rows, columns] = True
        if not np.isfinite(wide).all() or not (wide[2:] > 0).all():
            continue
        for rows, columns in pixels(wide[None], picture):
            x = (np.arange(columns.start, columns.stop) + 0.5 - wide[0]) / wide[2] * 2 - 1
            y = (np.arange(rows.start, rows.stop) + 0.5 - wide[1]) / wide[3] * 2 - 1
            inside[rows, columns] |= np.abs(x)[None, :] ** ROUND + np.abs(y)[:, None] ** ROUND <= 1.0
    return inside
