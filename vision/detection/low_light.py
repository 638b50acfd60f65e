"""Faces in the dark, against the light, or behind a veil: low-contrast parts are equalised and searched again.

A detector trained on daylight does not see a face in deep shade or in a washed-out corner. Viewers hardly do, either,
unless they stretch the recording's contrast. So if a part of a picture has little contrast but is not plain, the
picture is searched once more after local mean and variance normalisation: every part is stretched around its own mean.
It stays in colour, because YuNet finds fewer faces in grey or histogram-equalised pictures.
``evaluation.runs.masking_conditions`` measures it.
"""

from __future__ import annotations

import cv2
import numpy as np

from vision.detection.base import Detections, Detector, Image
from vision.detection.settings import (
    FAINT_CONTRAST,
    FAINT_MIDDLE,
    LEAST_STRETCH,
    MOST_STRETCH,
    PLAIN,
    SAME_FACE_WITHIN,
)
from vision.geometry import shared

CELL = 16
"""Side in px of the parts that are judged; gain and mean are smooth over about five of them."""
_PARTS = 32


def normalise_locally(picture: Image) -> Image | None:
    """``picture`` (BGR ``[H, W, 3]``) with its faint parts stretched; None if it has none, or only plain ones."""
    height, width = picture.shape[:2]
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.float32)
    cells = (max(1, width // CELL), max(1, height // CELL))
    mean = cv2.resize(grey, cells, interpolation=cv2.INTER_AREA)
    square = cv2.resize(grey * grey, cells, interpolation=cv2.INTER_AREA)
    mean, square = (cv2.GaussianBlur(part, (5, 5), 0, borderType=cv2.BORDER_REPLICATE) for part in (mean, square))
    deviation = np.sqrt(np.maximum(square - mean * mean, 0.0))
    gain = np.clip(FAINT_CONTRAST / np.maximum(deviation, 1.0), 1.0, MOST_STRETCH)
    if not ((deviation >= PLAIN) & (gain >= LEAST_STRETCH)).any():
        return None
    shift = (FAINT_MIDDLE - mean * gain) * np.clip(gain - 1.0, 0.0, 1.0)
    # In whole numbers, a fifth of the time: the gain in 32nds, and sums that fit 16 bits.
    factor = np.round(np.minimum(gain * _PARTS, 255)).astype(np.uint8)
    wide, offset = (
        cv2.merge([cv2.resize(part, (width, height), interpolation=cv2.INTER_LINEAR)] * 3)
        for part in (factor, np.round(shift).astype(np.int16))
    )
    stretched = cv2.multiply(picture, wide, scale=1 / _PARTS, dtype=cv2.CV_16S)
    return np.asarray(cv2.add(stretched, offset, dtype=cv2.CV_8U), np.uint8)


def detect_faint_faces(detector: Detector, picture: Image, threshold: float, found: Detections) -> Detections:
    """Faces that ``detector`` finds only after faint parts of ``picture`` are stretched.

    Args:
        detector: finds faces.
        picture: BGR ``[H, W, 3]``.
        threshold: least score.
        found: what the detector found in the original picture. Anything inside such a face is part of it, not another
            face behind a veil.
    """
    clear = normalise_locally(picture)
    if clear is None:
        return Detections.none()
    more = detector(clear, threshold)
    return more.take(np.flatnonzero((shared(more.boxes, found.boxes) < SAME_FACE_WITHIN).all(axis=1)))
