"""Finding faces in one picture: the detector protocol and YuNet.

Landmarks come in one order everywhere in this room, that of the ArcFace template: the eye, then the other eye,
nose, mouth corner, other mouth corner, each pair from the picture's left to its right (for a face upright in the
picture).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import cv2
import numpy as np
import numpy.typing as npt

from vision.geometry import Floats, iou_matrix

STRIDES = (8, 16, 32)
"""Cells of YuNet's three maps, px."""
OVERLAP = 0.3
"""IoU above which of two of YuNet's boxes the one with the lower score goes; its authors' figure."""
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
    """YuNet 2023mar (Wu et al., "YuNet: A Tiny Millisecond-level Face Detector", 2023).

    Finds faces of about 10 to 300 px. In ONNX Runtime: a third of the time OpenCV takes for it, 3 CPU-ms at 640x360.
    What comes out is read as ``cv2.FaceDetectorYN`` reads it, to float rounding; a test holds that. Its points are the
    person's right eye, left eye, nose, right and left mouth corner: the order of this room.
    """

    def __init__(self, session: Any) -> None:
        """``session``: its ONNX Runtime session, for pictures of any size."""
        self._session = session
        self._input = session.get_inputs()[0].name
        self._outputs = [f"{kind}_{stride}" for stride in STRIDES for kind in ("cls", "obj", "bbox", "kps")]

    def __call__(self, picture: Image, threshold: float) -> Detections:
        """See :class:`Detector`."""
        canvas = padded(picture, STRIDES[-1])
        blob = np.ascontiguousarray(canvas.transpose(2, 0, 1)[None], np.float32)
        maps = self._session.run(self._outputs, {self._input: blob})
        found = []
        for i, stride in enumerate(STRIDES):
            face, thing, boxes, points = (cells[0] for cells in maps[4 * i : 4 * i + 4])
            found.append(_cells(face, thing, boxes, points, stride, canvas.shape[1] // stride, threshold))
        rows = np.concatenate(found)
        rows = rows[np.isfinite(rows).all(axis=1)]
        if len(rows) > 1:
            whole = np.trunc(rows[:, :4]).astype(np.float64).tolist()
            rows = rows[np.asarray(cv2.dnn.NMSBoxes(whole, rows[:, 14].tolist(), threshold, OVERLAP), np.intp)]
        return Detections(rows[:, :4].copy(), rows[:, 4:14].reshape(-1, 5, 2).copy(), rows[:, 14].copy())


def _cells(
    face: Floats, thing: Floats, boxes: Floats, points: Floats, stride: int, width: int, threshold: float
) -> Floats:
    """Of one map, ``width`` cells of ``stride`` px wide, the cells with a face: x, y, w, h, five points, score.

    The score is the geometric mean of ``face`` and ``thing``; middles and points are steps from the cell's corner, and
    sides are logarithms, all in cells.
    """
    scores = np.sqrt(np.clip(face[:, 0], 0.0, 1.0) * np.clip(thing[:, 0], 0.0, 1.0))
    at = np.flatnonzero(scores >= threshold)
    corner = np.stack([at % width, at // width], axis=1).astype(np.float32)
    size = np.float32(stride)
    sides = np.exp(boxes[at, 2:]) * size
    low = (corner + boxes[at, :2]) * size - sides / 2
    spots = (points[at].reshape(-1, 5, 2) + corner[:, None]) * size
    return np.concatenate([low, sides, spots.reshape(-1, 10), scores[at, None]], axis=1)
