"""Photos that move across synthetic pictures: somebody to mask and to recognise, without a camera."""

from __future__ import annotations

import time

import cv2
import numpy as np

from capture import Image, Picture
from evaluation.data.media import MEDIA

PEOPLE = MEDIA / "meetings" / "people"
BAND = 40
"""Rows at the top that flash; they hold no face."""


def photos(count: int) -> list[Image]:
    """One photo of each of ``count`` people."""
    return [np.asarray(cv2.imread(str(folder / "face0.jpg")), np.uint8) for folder in sorted(PEOPLE.iterdir())[:count]]


class MovingFaces:
    """Draws moving photos; ``cpu`` is the CPU time that took."""

    def __init__(self, count: int, picture: Picture) -> None:
        self.cpu, self.number = 0.0, 0
        side = picture.height // 3
        self._faces = [cv2.resize(face, (side * face.shape[1] // face.shape[0], side)) for face in photos(count)]
        self._picture = picture

    def __call__(self, number: int, image: Image) -> None:
        """Draw them on picture ``number``, in place."""
        begun = time.thread_time()
        for i, face in enumerate(self._faces):
            high, wide = face.shape[:2]
            phase = 2 * np.pi * number / self._picture.fps / (5 + i)
            room = (image.shape[1] // len(self._faces) - wide, image.shape[0] - BAND - high)
            x = i * image.shape[1] // len(self._faces) + round((0.5 + 0.5 * np.sin(phase)) * max(0, room[0]))
            y = BAND + round((0.5 + 0.4 * np.sin(1.3 * phase + i)) * room[1])
            image[y : y + high, x : x + wide] = face[:, : image.shape[1] - x]
        self.cpu += time.thread_time() - begun
