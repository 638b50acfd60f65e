"""YuNet: faces and five landmarks from three feature maps, without anchors."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from vision.detection.base import Detections, Image, padded
from vision.geometry import Floats

STRIDES = (8, 16, 32)
"""Cell sizes of YuNet's three maps, px."""
OVERLAP = 0.3
"""IoU above which the lower-scoring one of two boxes is dropped; the authors' figure."""


class YuNet:
    """YuNet 2023mar (Wu et al., "YuNet: A Tiny Millisecond-level Face Detector", 2023).

    Finds faces of about 10 to 300 px. In ONNX Runtime it takes a third of the time it takes in OpenCV, 3 CPU-ms at
    640x360. Its output is decoded as by ``cv2.FaceDetectorYN``, to float rounding; a test checks that. The landmarks
    are the person's right eye, left eye, nose, right and left mouth corner: the order of this room.
    """

    def __init__(self, session: Any) -> None:
        """``session``: its ONNX Runtime session, for pictures of any size."""
        self._session = session
        self._input = session.get_inputs()[0].name
        self._outputs = [f"{kind}_{stride}" for stride in STRIDES for kind in ("cls", "obj", "bbox", "kps")]

    def __call__(self, picture: Image, threshold: float) -> Detections:
        """See :class:`vision.detection.base.Detector`."""
        canvas = padded(picture, STRIDES[-1])
        blob = np.ascontiguousarray(canvas.transpose(2, 0, 1)[None], np.float32)
        maps = self._session.run(self._outputs, {self._input: blob})
        found = []
        for i, stride in enumerate(STRIDES):
            own = [cells[0] for cells in maps[4 * i : 4 * i + 4]]
            found.append(_cells(own, stride, canvas.shape[1] // stride, threshold))
        rows = np.concatenate(found)
        rows = rows[np.isfinite(rows).all(axis=1)]
        if len(rows) > 1:
            whole = np.trunc(rows[:, :4]).astype(np.float64).tolist()
            rows = rows[np.asarray(cv2.dnn.NMSBoxes(whole, rows[:, 14].tolist(), threshold, OVERLAP), np.intp)]
        return Detections(rows[:, :4].copy(), rows[:, 4:14].reshape(-1, 5, 2).copy(), rows[:, 14].copy())


def _cells(maps: list[Floats], stride: int, width: int, threshold: float) -> Floats:
    """Decode a stride's ``maps`` (class, objectness, boxes, landmarks) to x, y, w, h, five landmarks and score.

    ``width``: cells of ``stride`` px in a row. The score is the geometric mean of class and objectness. Centres and
    landmarks are offsets from the cell's corner, sides are logarithms, all in cells.
    """
    face, thing, boxes, points = maps
    scores = np.sqrt(np.clip(face[:, 0], 0.0, 1.0) * np.clip(thing[:, 0], 0.0, 1.0))
    at = np.flatnonzero(scores >= threshold)
    corner = np.stack([at % width, at // width], axis=1).astype(np.float32)
    size = np.float32(stride)
    sides = np.exp(boxes[at, 2:]) * size
    low = (corner + boxes[at, :2]) * size - sides / 2
    spots = (points[at].reshape(-1, 5, 2) + corner[:, None]) * size
    return np.concatenate([low, sides, spots.reshape(-1, 10), scores[at, None]], axis=1)
