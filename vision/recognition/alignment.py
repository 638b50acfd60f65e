"""Turning faces upright for a second look before they are recognised.

YuNet tilts the eyes, nose and mouth of a tilted head by less than the head, and sees them in a picture of half the
size. So the aligned crop is tilted and shifted, and similarity to the person's own template drops. In a small upright
view of the face, the same detector finds the landmarks more accurately. In the hard meeting, over 260 faces of four
people, 94 % of the crops are good instead of 72 %, and their cosine to the right person rises by .07, to others not at
all.
"""

from __future__ import annotations

import cv2
import numpy as np

from vision.detection.base import Detections, Detector, Image
from vision.geometry import Floats
from vision.recognition.base import TEMPLATE, FaceRecogniser, similarity_transform
from vision.recognition.settings import UPRIGHT_AWAY, UPRIGHT_LEAST, UPRIGHT_ROLL, UPRIGHT_SCALE, UPRIGHT_SPREAD

SIDE = 224
"""Side of the upright view, px: the face fills half of it, so that the whole head is visible."""


class UprightRecogniser:
    """Gives another recogniser better landmarks; everything else is that recogniser's."""

    def __init__(self, recogniser: FaceRecogniser, detector: Detector) -> None:
        self.plain, self._detector = recogniser, detector

    @property
    def id(self) -> str:
        """The model's id in the weights store."""
        return self.plain.id

    def __call__(self, picture: Image, faces: Detections) -> tuple[Floats, Floats]:
        """See :class:`vision.recognition.base.FaceRecogniser`."""
        return self.plain(picture, self.upright(picture, faces))

    def upright(self, picture: Image, faces: Detections) -> Detections:
        """``faces`` with the better landmarks."""
        points = [self._better(picture, found) for found in faces.landmarks]
        return Detections(faces.boxes, np.stack(points), faces.scores) if points else faces

    def _better(self, picture: Image, first: Floats) -> Floats:
        points = first
        for _ in range(2):
            found = self._look(picture, points)
            if found is None or not _same(first, found):
                break
            turned = abs(_roll(found) - _roll(points))
            points = found
            if turned < UPRIGHT_ROLL:
                break
        return points

    def _look(self, picture: Image, points: Floats) -> Floats | None:
        aim = (TEMPLATE - 56.0) * np.float32(UPRIGHT_SPREAD) + np.float32(SIDE / 2)
        turn = similarity_transform(points, aim)
        if not np.isfinite(turn).all() or abs(np.linalg.det(turn[:, :2])) < 1e-6:
            return None
        view = np.asarray(cv2.warpAffine(picture, turn, (SIDE, SIDE)), np.uint8)
        found = self._detector(view, UPRIGHT_LEAST)
        if not len(found):
            return None
        away = np.linalg.norm(found.landmarks.mean(axis=1) - aim.mean(axis=0), axis=1)
        back = cv2.invertAffineTransform(turn)
        spots = found.landmarks[int(np.argmin(away))].astype(np.float64) @ back[:, :2].T + back[:, 2]
        return np.asarray(spots, np.float32)


def _roll(points: Floats) -> float:
    across = points[1] - points[0]
    return float(np.arctan2(across[1], across[0]))


def _size(points: Floats) -> float:
    return float(np.linalg.norm(points[:2].mean(axis=0) - points[3:].mean(axis=0)))


def _same(one: Floats, two: Floats) -> bool:
    """Whether both may be landmarks of the same face."""
    a, b = max(_size(one), 1e-3), max(_size(two), 1e-3)
    away = float(np.linalg.norm(one.mean(axis=0) - two.mean(axis=0)))
    return away <= UPRIGHT_AWAY * max(a, b) and max(a, b) <= UPRIGHT_SCALE * min(a, b)
