"""SCRFD: faces and five landmarks from three maps (Guo et al., "Sample and Computation Redistribution", 2021)."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from vision.detection.base import Detections, Image, padded

STRIDES = (8, 16, 32)
ANCHORS = 2
"""Anchors per cell. They have no size: a box is given by the distances of its edges from the cell's corner."""


class Scrfd:
    """Any SCRFD with landmarks as exported by InsightFace: scores, boxes and landmarks of each of three strides.

    The five landmarks are in the order of this room.
    """

    def __init__(self, session: Any) -> None:
        """``session``: its ONNX Runtime session. Raises ValueError if it is another kind of model."""
        self._session = session
        self._input = session.get_inputs()[0].name
        self._names = [output.name for output in session.get_outputs()]
        if len(self._names) != 3 * len(STRIDES):
            raise ValueError(f"not an SCRFD with points: {len(self._names)} outputs")

    def __call__(self, picture: Image, threshold: float) -> Detections:
        """See :class:`vision.detection.base.Detector`."""
        canvas = padded(picture, STRIDES[-1])
        size = (canvas.shape[1], canvas.shape[0])
        blob = cv2.dnn.blobFromImage(canvas, 1 / 128.0, size, (127.5, 127.5, 127.5), swapRB=True)
        outputs = self._session.run(self._names, {self._input: blob})
        parts = []
        for row, stride in enumerate(STRIDES):
            scores = outputs[row].reshape(-1)
            kept = np.flatnonzero(scores >= threshold)
            across = size[0] // stride
            cell = kept // ANCHORS
            at = np.stack([cell % across, cell // across], axis=1).astype(np.float32) * stride
            edges = outputs[row + 3].reshape(-1, 4)[kept] * stride
            low, high = at - edges[:, :2], at + edges[:, 2:]
            points = at[:, None, :] + outputs[row + 6].reshape(-1, 5, 2)[kept] * stride
            parts.append(Detections(np.concatenate([low, high - low], axis=1), points, scores[kept]))
        return Detections.join(parts).strongest()
