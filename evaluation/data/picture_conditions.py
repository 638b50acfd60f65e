"""Changes of the picture as another camera, light or connection would make them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vision import Image


@dataclass(frozen=True)
class Condition:
    """A change of the picture.

    Attributes:
        name: of the row.
        spoil: changes the pixels; gets the picture and its number.
        scale: of the size.
        turn: degrees anticlockwise, around the middle; the picture grows to hold it.
        mirrored: left and right are swapped.
        step: one of so many pictures is kept.
    """

    name: str
    spoil: Callable[[Image, int], Image] = lambda picture, _: picture
    scale: float = 1.0
    turn: float = 0.0
    mirrored: bool = False
    step: int = 1

    def size(self, width: int, height: int) -> tuple[int, int]:
        """Size of the resulting picture, in even numbers."""
        angle = np.radians(self.turn)
        c, s = abs(np.cos(angle)) * self.scale, abs(np.sin(angle)) * self.scale
        return round((width * c + height * s) / 2) * 2, round((width * s + height * c) / 2) * 2

    def matrix(self, width: int, height: int) -> npt.NDArray[np.float64]:
        """``[2, 3]``, maps positions in the source to positions in the result."""
        new_width, new_height = self.size(width, height)
        out = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), self.turn, self.scale), [0, 0, 1]])
        out[:2, 2] += (new_width - width) / 2, (new_height - height) / 2
        if self.mirrored:
            out = np.array([[-1.0, 0, new_width - 1], [0, 1, 0], [0, 0, 1]]) @ out
        return np.asarray(out[:2], np.float64)

    def __call__(self, picture: Image, index: int) -> Image:
        """The changed picture number ``index``."""
        height, width = picture.shape[:2]
        if self.scale != 1.0 or self.turn or self.mirrored:
            smooth = cv2.INTER_AREA if self.scale < 1 and not self.turn else cv2.INTER_LINEAR
            if smooth == cv2.INTER_AREA:
                picture = np.asarray(cv2.resize(picture, self.size(width, height), interpolation=smooth), np.uint8)
                picture = np.ascontiguousarray(picture[:, ::-1]) if self.mirrored else picture
            else:
                matrix, size = self.matrix(width, height), self.size(width, height)
                picture = np.asarray(cv2.warpAffine(picture, matrix, size, flags=smooth), np.uint8)
        return self.spoil(picture, index)


def gamma(power: float) -> Callable[[Image, int], Image]:
    """A change of brightness: grey values from 0 to 1 to the power ``power``."""
    table = np.round(255 * (np.arange(256) / 255.0) ** power).astype(np.uint8)
    return lambda picture, _: np.asarray(cv2.LUT(picture, table), np.uint8)


def _noisy(sigma: float) -> Callable[[Image, int], Image]:
    def spoil(picture: Image, index: int) -> Image:
        noise = np.random.default_rng(index).normal(0, sigma, picture.shape).astype(np.float32)
        return np.asarray(np.clip(picture + noise, 0, 255), np.uint8)

    return spoil


def _both(*spoils: Callable[[Image, int], Image]) -> Callable[[Image, int], Image]:
    def spoil(picture: Image, index: int) -> Image:
        for one in spoils:
            picture = one(picture, index)
        return picture

    return spoil


def _flat(picture: Image, _: int) -> Image:
    return np.asarray(cv2.convertScaleAbs(picture, alpha=0.3, beta=120), np.uint8)


def _backlit(picture: Image, _: int) -> Image:
    """A bright veil from the upper edge, like a window behind the people, and faces in the shade."""
    shade = (picture.astype(np.float32) / 255) ** 1.8 * 140
    glow = np.linspace(110, 20, picture.shape[0], dtype=np.float32)[:, None, None]
    return np.clip(shade + glow, 0, 255).astype(np.uint8)


def _unsharp(picture: Image, _: int) -> Image:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 4), np.uint8)


def _compressed(picture: Image, _: int) -> Image:
    done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 8])
    assert done
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def _grey(picture: Image, _: int) -> Image:
    return np.asarray(cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR), np.uint8)


CONDITIONS = (
    Condition("as it is"),
    Condition("dim", _both(gamma(2.2), _noisy(4))),
    Condition("dark", _both(gamma(4.0), _noisy(6))),
    Condition("back-lit", _backlit),
    Condition("flat", _flat),
    Condition("noisy", _noisy(30)),
    Condition("out of focus", _unsharp),
    Condition("compressed", _compressed),
    Condition("grey", _grey),
    Condition("half the size", scale=0.5),
    Condition("a quarter", scale=0.25),
    Condition("1080p", scale=1.5),
    Condition("8 a second", step=3),
    Condition("mirrored", mirrored=True),
    Condition("tilted 25", turn=25),
    Condition("on its side", turn=90),
)
