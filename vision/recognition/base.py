"""From a face to an embedding: alignment, the protocol of recognisers, and SFace."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
import numpy.typing as npt

from vision.detection.base import Detections, Image
from vision.geometry import Floats
from vision.recognition.dehaze import dehaze

TEMPLATE = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]], np.float32
)
"""Positions of the five landmarks in an aligned 112x112 crop (Deng et al., "ArcFace", 2019; InsightFace's
``arcface_dst``).
"""


def similarity_transform(points: Floats, target: Floats = TEMPLATE) -> npt.NDArray[np.float64]:
    """The rotation, scale and shift ``[2, 3]`` that best maps ``points [5, 2]`` to ``target [5, 2]`` (Umeyama, 1991).

    Never a reflection: mirrored landmarks give a bad crop, not another face.
    """
    source, aim = points.astype(np.float64), target.astype(np.float64)
    p, q = source - source.mean(0), aim - aim.mean(0)
    power = max(float((p * p).sum()), 1e-9)
    a = float((p * q).sum()) / power
    b = float((p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0]).sum()) / power
    turn = np.array([[a, -b], [b, a]])
    return np.hstack([turn, (aim.mean(0) - turn @ source.mean(0))[:, None]])


def align(picture: Image, landmarks: Floats) -> Image:
    """The face at ``landmarks`` ``[5, 2]`` as an aligned crop, BGR ``[112, 112, 3]``."""
    return np.asarray(cv2.warpAffine(picture, similarity_transform(landmarks), (112, 112)), np.uint8)


class FaceRecogniser(Protocol):
    """Turns faces into embeddings. ``id`` names the model: templates of different models are never compared."""

    @property
    def id(self) -> str:
        """The model's id in the weights store."""
        ...

    def __call__(self, picture: Image, faces: Detections) -> tuple[Floats, Floats]:
        """``embeddings [N, D]`` of length 1, and ``quality [N]`` 0..1: how much each crop tells about the identity."""
        ...


class SFace:
    """SFace 2021dec (Zhong et al., 2021), 128-d, through OpenCV.

    11 CPU-ms per face; 22 in ONNX Runtime, which keeps its batch norms.

    The length of its raw embedding is a free quality measure, as in MagFace: on the composed meetings, its correlation
    with the cosine to the person's template is .9 where faces are dim or turned away. Below 6 a crop is noise, at 12 it
    is a good portrait. Veiled and noisy crops are cleared first (:mod:`vision.recognition.dehaze`).
    """

    id = "sface"

    def __init__(self, path: Path) -> None:
        """Load the model at ``path``."""
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)
        self._net: Any = cv2.FaceRecognizerSF.create(str(path), "")

    def __call__(self, picture: Image, faces: Detections) -> tuple[Floats, Floats]:
        """See :class:`FaceRecogniser`."""
        raw = [self._net.feature(dehaze(align(picture, points)))[0] for points in faces.landmarks]
        if not raw:
            return np.zeros((0, 128), np.float32), np.zeros(0, np.float32)
        rows = np.asarray(raw, np.float32)
        length = np.linalg.norm(rows, axis=1)
        quality = np.clip((length - 6.0) / 6.0, 0.0, 1.0).astype(np.float32)
        return rows / np.maximum(length, 1e-6)[:, None], quality
