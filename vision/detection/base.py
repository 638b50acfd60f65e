"""The protocol of face detectors, and their result.

Landmarks have the same order everywhere in this room, that of the ArcFace template: one eye, the other eye, nose, one
mouth corner, the other mouth corner, each pair from left to right as seen in the picture (for an upright face).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import cv2
import numpy as np
import numpy.typing as npt

from vision.detection.settings import ONE_FACE
from vision.geometry import Floats, iou_matrix

Image = npt.NDArray[np.uint8]
"""BGR picture ``[H, W, 3]``."""


@dataclass(frozen=True, slots=True, eq=False)
class Detections:
    """Faces found in one picture.

    ``boxes`` ``[N, 4]`` px x, y, w, h; ``landmarks`` ``[N, 5, 2]`` px; ``scores`` ``[N]`` 0..1.
    """

    boxes: Floats
    landmarks: Floats
    scores: Floats

    def __post_init__(self) -> None:
        n = len(self.scores)
        if self.boxes.shape != (n, 4) or self.landmarks.shape != (n, 5, 2):
            raise ValueError(f"boxes {self.boxes.shape} and landmarks {self.landmarks.shape} do not fit {n} scores")

    def __len__(self) -> int:
        return len(self.scores)

    def take(self, index: npt.NDArray[Any] | list[int]) -> Detections:
        """The detections at ``index`` (integers or a mask)."""
        return Detections(self.boxes[index], self.landmarks[index], self.scores[index])

    def moved(self, scale: float, dx: float = 0.0, dy: float = 0.0) -> Detections:
        """Convert to the coordinates of a full picture, of which this one is the part at ``dx, dy``, reduced by
        ``scale``.
        """
        shift = np.array([dx, dy], np.float32)
        boxes = self.boxes * np.float32(scale)
        boxes[:, :2] += shift
        return Detections(boxes, self.landmarks * np.float32(scale) + shift, self.scores)

    @staticmethod
    def none() -> Detections:
        """An empty result."""
        return Detections(np.zeros((0, 4), np.float32), np.zeros((0, 5, 2), np.float32), np.zeros(0, np.float32))

    @staticmethod
    def join(parts: list[Detections], iou: float = ONE_FACE) -> Detections:
        """All detections of ``parts``; of those that overlap by more than ``iou``, only the one with the best score."""
        parts = [part for part in parts if len(part)]
        if not parts:
            return Detections.none()
        every = Detections(
            np.concatenate([p.boxes for p in parts]),
            np.concatenate([p.landmarks for p in parts]),
            np.concatenate([p.scores for p in parts]),
        )
        return every if len(parts) == 1 else every.strongest(iou)

    def strongest(self, iou: float = ONE_FACE) -> Detections:
        """Of detections that overlap by more than ``iou``, keep only the one with the best score; best first."""
        overlap = iou_matrix(self.boxes, self.boxes) > iou
        free = np.ones(len(self), np.bool_)
        kept: list[int] = []
        for i in np.argsort(-self.scores, kind="stable"):
            if free[i]:
                kept.append(int(i))
                free &= ~overlap[i]
        return self.take(kept)


def padded(picture: Image, step: int) -> Image:
    """``picture`` padded with black below and to the right, so that both sides are multiples of ``step``."""
    height, width = picture.shape[:2]
    down, right = -height % step, -width % step
    if not (down or right):
        return picture
    return np.asarray(cv2.copyMakeBorder(picture, 0, down, 0, right, cv2.BORDER_CONSTANT, value=0), np.uint8)


class Detector(Protocol):
    """Finds faces in a picture as it is, without scaling it."""

    def __call__(self, picture: Image, threshold: float) -> Detections:
        """All faces in ``picture`` (BGR ``[H, W, 3]``) with a score of at least ``threshold``."""
        ...
