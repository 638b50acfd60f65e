"""Finding faces in one picture: the detector protocol and YuNet.

Landmarks come in one order everywhere in this room, that of the ArcFace template: the eye, then the other eye,
nose, mouth corner, other mouth corner, each pair from the picture's left to its right (for a face upright in the
picture).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
import numpy.typing as npt

from vision.boxes import Floats, iou_matrix

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
        """Those at ``index`` (integers or a mask)."""
        return Detections(self.boxes[index], self.landmarks[index], self.scores[index])

    def moved(self, scale: float, dx: float = 0.0, dy: float = 0.0) -> Detections:
        """In the coordinates of a picture of which this one is the part at ``dx, dy``, scaled down by ``scale``."""
        shift = np.array([dx, dy], np.float32)
        boxes = self.boxes * np.float32(scale)
        boxes[:, :2] += shift
        return Detections(boxes, self.landmarks * np.float32(scale) + shift, self.scores)

    @staticmethod
    def none() -> Detections:
        """No face."""
        return Detections(np.zeros((0, 4), np.float32), np.zeros((0, 5, 2), np.float32), np.zeros(0, np.float32))

    @staticmethod
    def join(parts: list[Detections], iou: float = 0.4) -> Detections:
        """All faces of ``parts``, of any that overlap by more than ``iou`` only the one with the best score."""
        parts = [part for part in parts if len(part)]
        if not parts:
            return Detections.none()
        every = Detections(
            np.concatenate([p.boxes for p in parts]),
            np.concatenate([p.landmarks for p in parts]),
            np.concatenate([p.scores for p in parts]),
        )
        return every if len(parts) == 1 else every.strongest(iou)

    def strongest(self, iou: float = 0.4) -> Detections:
        """Of any that overlap by more than ``iou`` only the one with the best score, best first."""
        overlap = iou_matrix(self.boxes, self.boxes) > iou
        free = np.ones(len(self), np.bool_)
        kept: list[int] = []
        for i in np.argsort(-self.scores, kind="stable"):
            if free[i]:
                kept.append(int(i))
                free &= ~overlap[i]
        return self.take(kept)


def padded(picture: Image, step: int) -> Image:
    """``picture`` with black below and to the right of it, so that both sides are multiples of ``step``."""
    height, width = picture.shape[:2]
    down, right = -height % step, -width % step
    if not (down or right):
        return picture
    return np.asarray(cv2.copyMakeBorder(picture, 0, down, 0, right, cv2.BORDER_CONSTANT, value=0), np.uint8)


class Detector(Protocol):
    """Finds faces in a picture as it is given, without scaling it."""

    def __call__(self, picture: Image, threshold: float) -> Detections:
        """Every face in ``picture`` (BGR ``[H, W, 3]``) with a score of at least ``threshold``."""
        ...


class YuNet:
    """YuNet 2023mar through OpenCV (Wu et al., "YuNet: A Tiny Millisecond-level Face Detector", 2023).

    Finds faces of about 10 to 300 px; 9 CPU-ms at 640x360. OpenCV's rows are x, y, w, h, then the person's right eye,
    left eye, nose,
    right and left mouth corner as x, y, then the score: the order of this room.
    """

    def __init__(self, path: Path, floor: float = 0.1) -> None:
        """Load the model at ``path``; ``floor`` is the lowest threshold that will ever be asked for."""
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)  # it warns of a target nobody chose
        self._make: Callable[[tuple[int, int]], Any] = lambda size: cv2.FaceDetectorYN.create(
            str(path), "", size, floor, 0.3, 5000
        )
        self._nets: dict[tuple[int, int], Any] = {}

    def __call__(self, picture: Image, threshold: float) -> Detections:
        """See :class:`Detector`."""
        size = (picture.shape[1], picture.shape[0])
        net = self._nets.get(size)
        if net is None:  # one per size: changing the size of a net rebuilds its graph
            if len(self._nets) >= 8:
                self._nets.clear()
            net = self._nets[size] = self._make(size)
        rows = net.detect(np.ascontiguousarray(picture))[1]
        if rows is None:
            return Detections.none()
        rows = rows[(rows[:, 14] >= threshold) & np.isfinite(rows).all(axis=1)]
        return Detections(rows[:, :4].copy(), rows[:, 4:14].reshape(-1, 5, 2).copy(), rows[:, 14].copy())
