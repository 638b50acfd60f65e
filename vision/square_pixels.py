"""Analysing pictures as they are displayed: detectors and recognisers only know faces on square pixels.

Anamorphic recordings store a picture narrower or wider than it is shown. Faces are searched for in the picture
stretched to square pixels, and their boxes are converted back to stored pixels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import cv2
import numpy as np

from timeline import FaceTrack
from vision.detection.base import Image
from vision.geometry import Floats
from vision.settings import MAX_STRETCH, SQUARE_WITHIN


class SquarePixels:
    """Converts pictures of one recording to square pixels, and boxes back. Does nothing if pixels are square.

    Attributes:
        size: width and height of the stretched pictures, px. Neither is smaller than stored.
    """

    def __init__(self, size: tuple[int, int], sar: float) -> None:
        """``size``: width and height as stored, px; ``sar``: width of a pixel over its height.

        A ratio beyond ``MAX_STRETCH`` is limited to it, so that no file can demand a huge picture.
        """
        self._stored = size
        ratio = sar if np.isfinite(sar) and sar > 0 else 1.0
        ratio = min(max(ratio, 1.0 / MAX_STRETCH), MAX_STRETCH)
        if 1.0 / SQUARE_WITHIN <= ratio <= SQUARE_WITHIN:
            ratio = 1.0
        self.size = (round(size[0] * max(ratio, 1.0)), round(size[1] / min(ratio, 1.0)))

    @property
    def square(self) -> bool:
        """Whether the stored pixels are square, so that there is nothing to convert."""
        return self.size == self._stored

    def picture(self, stored: Image) -> Image:
        """``stored`` on square pixels; a picture of another size than the recording's is unchanged."""
        if self.square or stored.shape[:2] != self._stored[::-1]:
            return stored
        return _resized(stored, self.size)

    def pictures(self, frames: Iterable[tuple[float, Image]]) -> Iterator[tuple[float, Image]]:
        """:meth:`picture` of every ``(t, picture)``."""
        return ((t, self.picture(stored)) for t, stored in frames)

    def small(self, stored: Image) -> Image:
        """A reduced picture on square pixels, at its own width."""
        if self.square:
            return stored
        width = stored.shape[1]
        return _resized(stored, (width, max(1, round(width * self.size[1] / self.size[0]))))

    def stored(self, boxes: Floats) -> Floats:
        """Convert boxes ``[..., 4]`` of a picture on square pixels to stored px."""
        if self.square:
            return boxes
        across, down = self._stored[0] / self.size[0], self._stored[1] / self.size[1]
        return np.asarray(boxes * np.array([across, down, across, down]), np.float32)

    def tracks(self, tracks: Sequence[FaceTrack]) -> list[FaceTrack]:
        """``tracks`` with their boxes in stored px."""
        if self.square:
            return list(tracks)
        return [replace(track, boxes=self.stored(track.boxes)) for track in tracks]


def _resized(picture: Image, size: tuple[int, int]) -> Image:
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR), np.uint8)
