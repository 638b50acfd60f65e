"""Boxes ``x, y, w, h`` in px, and calculations on them."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


class PictureShape(Protocol):
    """The part of ``capture.Picture`` that this room uses.

    ``width`` and ``height`` as stored, px, ``fps``, and ``sar``, the width of a pixel over its height.
    """

    @property
    def width(self) -> int: ...  # noqa: D102

    @property
    def height(self) -> int: ...  # noqa: D102

    @property
    def fps(self) -> float: ...  # noqa: D102

    @property
    def sar(self) -> float: ...  # noqa: D102


def iou_matrix(a: Floats, b: Floats) -> Floats:
    """Intersection over union of boxes ``a`` ``[N, 4]`` with ``b`` ``[M, 4]`` (x, y, w, h) -> ``[N, M]``."""
    inter = intersections(a, b)
    areas = (a[:, 2] * a[:, 3])[:, None] + (b[:, 2] * b[:, 3])[None, :] - inter
    return np.asarray(inter / np.maximum(areas, 1e-6), np.float32)


def intersections(a: Floats, b: Floats) -> Floats:
    """Areas ``[N, M]`` that boxes ``a`` ``[N, 4]`` and ``b`` ``[M, 4]`` share, px squared."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, :2] + a[:, None, 2:], b[None, :, :2] + b[None, :, 2:])
    return np.asarray(np.prod(np.maximum(high - low, 0.0), axis=2), np.float32)


def shared(a: Floats, b: Floats) -> Floats:
    """Intersection over the smaller of ``a [N, 4]`` and ``b [M, 4]``: ``[N, M]``, 0..1."""
    smaller = np.minimum((a[:, 2] * a[:, 3])[:, None], (b[:, 2] * b[:, 3])[None, :])
    return np.asarray(intersections(a, b) / np.maximum(smaller, 1e-6), np.float32)


def hull(regions: Floats) -> Floats:
    """The smallest region ``[4]`` that contains ``regions`` ``[K, 4]``."""
    low = np.asarray(regions[:, :2].min(axis=0))
    high = (regions[:, :2] + regions[:, 2:]).max(axis=0)
    return np.asarray(np.concatenate([low, high - low]), np.float32)


def grown(boxes: Floats, share: float) -> Floats:
    """Boxes ``[K, 4]`` with a margin of ``share`` of their sides."""
    margin = boxes[:, 2:] * np.float32(share)
    return np.concatenate([boxes[:, :2] - margin, boxes[:, 2:] + 2 * margin], axis=1)


def cut_back(outer: Floats, inner: Floats, shown: Floats) -> Floats:
    """``outer``, cut back on one side for each face of ``shown [S, 4]`` that it touches, but never into ``inner``."""
    left, top, right, bottom = outer[0], outer[1], outer[0] + outer[2], outer[1] + outer[3]
    for x, y, w, h in shown:
        if x >= right or x + w <= left or y >= bottom or y + h <= top:
            continue
        cuts = (
            (left, top, max(inner[0] + inner[2], min(right, x)), bottom),
            (min(inner[0], max(left, x + w)), top, right, bottom),
            (left, top, right, max(inner[1] + inner[3], min(bottom, y))),
            (left, min(inner[1], max(top, y + h)), right, bottom),
        )
        left, top, right, bottom = min(cuts, key=lambda cut: _left_over(cut, x, y, w, h))
    return np.array([left, top, right - left, bottom - top], np.float32)


def _left_over(cut: tuple[float, ...], x: float, y: float, w: float, h: float) -> tuple[float, float]:
    """A sort key for ``cut`` (left, top, right, bottom): area of the shown face still covered, then minus the masked
    area.
    """
    left, top, right, bottom = cut
    across, down = min(right, x + w) - max(left, x), min(bottom, y + h) - max(top, y)
    return max(across, 0.0) * max(down, 0.0), -(right - left) * (bottom - top)
