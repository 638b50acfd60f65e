"""ArcFace: embeddings that distinguish people far better than SFace's, from networks under non-commercial licences."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from vision.detection.base import Detections, Image
from vision.geometry import Floats
from vision.recognition.base import align

POOR, GOOD = 13.0, 22.0
"""Lengths of a raw embedding of a crop that is noise, and of a good portrait.

For w600k_mbf, on crops of the composed meetings: below 13, the median cosine to the person's own template is .08,
between 15 and 16 it is .24, from 22 on .51. The length's correlation with that cosine is .72.
"""


class ArcFace:
    """Any of InsightFace's recognition networks (Deng et al., "ArcFace", CVPR 2019): 112 x 112 in, 512-d out.

    As with SFace, the length of the raw embedding tells how much the crop reveals about the identity.
    """

    def __init__(self, session: Any, id: str, poor: float = POOR, good: float = GOOD) -> None:
        """``session``: its ONNX Runtime session; ``id``: the id under which templates are kept.

        ``poor``, ``good``: lengths of the raw embedding that mean quality 0 and 1.
        """
        self._session, self._id, self._poor, self._good = session, id, poor, good
        self._input = session.get_inputs()[0].name
        self._size = int(session.get_outputs()[0].shape[-1])

    @property
    def id(self) -> str:
        """See :class:`vision.recognition.base.FaceRecogniser`."""
        return self._id

    def __call__(self, picture: Image, faces: Detections) -> tuple[Floats, Floats]:
        """See :class:`vision.recognition.base.FaceRecogniser`."""
        rows = [self.raw(align(picture, points)) for points in faces.landmarks]
        if not rows:
            return np.zeros((0, self._size), np.float32), np.zeros(0, np.float32)
        stacked = np.stack(rows)
        length = np.linalg.norm(stacked, axis=1)
        quality = np.clip((length - self._poor) / (self._good - self._poor), 0.0, 1.0)
        return stacked / np.maximum(length, 1e-6)[:, None], quality.astype(np.float32)

    def raw(self, crop: Image) -> Floats:
        """Embedding ``[D]``, not normalised, of an aligned crop ``[112, 112, 3]`` BGR."""
        blob = cv2.dnn.blobFromImage(crop, 1 / 127.5, (112, 112), (127.5, 127.5, 127.5), swapRB=True)
        return np.asarray(self._session.run(None, {self._input: blob})[0][0], np.float32)
