"""RetinaFace: faces and five landmarks from anchors (Deng et al., "RetinaFace", CVPR 2020), from InsightFace."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from vision.detection.base import Detections, Image, padded
from vision.geometry import Floats

ANCHORS = {32: (512.0, 256.0), 16: (128.0, 64.0), 8: (32.0, 16.0)}
"""Sides in px of the square anchors in each cell, by stride (InsightFace's ``net3``: base 16, scales 32..1)."""
CENTRE = 7.5
"""Centre of a cell's anchors in px, for every stride: that of a base anchor from 0 to 15."""


class RetinaFace:
    """RetinaFace with mobilenet0.25, version 1.

    Deltas are in anchor sides; boxes are encoded as in Faster R-CNN (centre by shift, sides by exponent), landmarks by
    shift alone. The five landmarks are in the order of this room.
    """

    def __init__(self, session: Any) -> None:
        """``session``: its ONNX Runtime session, for pictures of any size."""
        self._session = session
        self._input = session.get_inputs()[0].name
        kinds = ("cls_prob_reshape", "bbox_pred", "landmark_pred")
        self._names = [f"face_rpn_{kind}_stride{stride}" for stride in ANCHORS for kind in kinds]

    def __call__(self, picture: Image, threshold: float) -> Detections:
        """See :class:`vision.detection.base.Detector`."""
        canvas = padded(picture, max(ANCHORS))
        blob = cv2.dnn.blobFromImage(canvas, 1.0, (canvas.shape[1], canvas.shape[0]), (0, 0, 0), swapRB=True)
        outputs = iter(self._session.run(self._names, {self._input: blob}))
        parts = []
        for stride, sides in ANCHORS.items():
            scores, boxes, points = next(outputs)[0], next(outputs)[0], next(outputs)[0]
            for index, side in enumerate(sides):
                score = scores[len(sides) + index]  # the background's scores come first
                y, x = np.nonzero(score >= threshold)
                delta = boxes[4 * index : 4 * index + 4, y, x].T
                shifts = points[10 * index : 10 * index + 10, y, x].T.reshape(-1, 5, 2)
                at = np.stack([x, y], axis=1).astype(np.float32) * stride + CENTRE
                parts.append(_faces(at, np.float32(side), delta, shifts, score[y, x]))
        return Detections.join(parts).strongest()


def _faces(at: Floats, side: np.float32, delta: Floats, shifts: Floats, scores: Floats) -> Detections:
    """Convert anchors with centres ``at [N, 2]``, their ``delta [N, 4]`` and ``shifts [N, 5, 2]`` to faces."""
    centre = at + delta[:, :2] * side
    sides = np.exp(np.minimum(delta[:, 2:], 10.0)) * side
    return Detections(
        np.concatenate([centre - 0.5 * (sides - 1), sides], axis=1), at[:, None, :] + shifts * side, scores
    )
