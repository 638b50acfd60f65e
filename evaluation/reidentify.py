"""The attacker: another detector and another recogniser than the product's, to see who can still be recognised.

SCRFD-500M and ArcFace w600k_mbf (InsightFace; non-commercial licences, for evaluation only).
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from vision.boxes import Floats, iou_matrix
from vision.detect import Detections, Image
from vision.recognise import align
from weights import Store

SAME = 0.3
"""ArcFace cosine from which on a face counts as recognised.

Different people reach .23 at most on photos and .12 in video.
"""


class Scrfd:
    """SCRFD (Guo et al., 2021) with five landmarks, in the order of ``vision.detect``."""

    def __init__(self, store: Store) -> None:
        self._session: Any = store.session("scrfd-500m")
        self._input = self._session.get_inputs()[0].name
        self._names = [f"{kind}_{stride}" for kind in ("score", "bbox", "kps") for stride in (8, 16, 32)]

    def __call__(self, picture: Image, threshold: float) -> Detections:
        """Faces of ``picture`` scaled to fit 640 x 640 (never up), see ``vision.detect.Detector``."""
        scale = max(picture.shape[:2]) / 640.0
        small = (
            picture
            if scale <= 1
            else cv2.resize(picture, None, fx=1 / scale, fy=1 / scale, interpolation=cv2.INTER_AREA)
        )
        scale = max(scale, 1.0)
        height, width = (-(-n // 32) * 32 for n in small.shape[:2])
        canvas = np.zeros((height, width, 3), np.uint8)
        canvas[: small.shape[0], : small.shape[1]] = small
        blob = cv2.dnn.blobFromImage(canvas, 1 / 128.0, (width, height), (127.5, 127.5, 127.5), swapRB=True)
        out = dict(zip(self._names, self._session.run(self._names, {self._input: blob}), strict=True))
        boxes, points, scores = [], [], []
        for stride in (8, 16, 32):
            score = out[f"score_{stride}"].reshape(-1)
            kept = np.flatnonzero(score >= threshold)
            across = width // stride
            cell = kept // 2
            at = np.stack([cell % across, cell // across], axis=1).astype(np.float32) * stride
            edges = out[f"bbox_{stride}"].reshape(-1, 4)[kept] * stride
            low, high = at - edges[:, :2], at + edges[:, 2:]
            boxes.append(np.concatenate([low, high - low], axis=1))
            points.append(at[:, None, :] + out[f"kps_{stride}"].reshape(-1, 5, 2)[kept] * stride)
            scores.append(score[kept])
        every = Detections(
            np.concatenate(boxes).astype(np.float32),
            np.concatenate(points).astype(np.float32),
            np.concatenate(scores).astype(np.float32),
        )
        order = np.argsort(-every.scores)
        overlap = iou_matrix(every.boxes, every.boxes)
        chosen: list[int] = []
        for i in order.tolist():
            if all(overlap[i, j] <= 0.4 for j in chosen):
                chosen.append(i)
        return every.take(chosen).moved(scale)


class ArcFace:
    """ArcFace w600k_mbf, 512-d; ``id`` as in the store."""

    id = "arcface-mbf"

    def __init__(self, store: Store) -> None:
        self._session: Any = store.session("arcface-mbf")
        self._input = self._session.get_inputs()[0].name

    def __call__(self, picture: Image, faces: Detections) -> tuple[Floats, Floats]:
        """Embeddings ``[N, 512]`` of length 1 and quality 1, see ``vision.recognise.Recogniser``."""
        rows = [self.embed(align(picture, points)) for points in faces.landmarks]
        stacked = np.stack(rows) if rows else np.zeros((0, 512), np.float32)
        return stacked, np.ones(len(rows), np.float32)

    def embed(self, crop: Image) -> npt.NDArray[np.float32]:
        """Embedding ``[512]`` of an aligned crop ``[112, 112, 3]`` BGR."""
        blob = cv2.dnn.blobFromImage(crop, 1 / 127.5, (112, 112), (127.5, 127.5, 127.5), swapRB=True)
        row = np.asarray(self._session.run(None, {self._input: blob})[0][0], np.float32)
        return np.asarray(row / max(float(np.linalg.norm(row)), 1e-6), np.float32)
