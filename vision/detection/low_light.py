"""Faces in the dark, against the light, behind a veil: what has little contrast is looked at a second time, evened out.

A detector that was trained on daylight does not see a face in deep shade or in a washed-out corner, and hardly does a
viewer; but whoever stretches the recording's contrast does. So wherever a part of a picture has little contrast and is
not plain, the picture is searched once more with every part stretched around its own mean: local mean and variance
normalisation, in colour, for YuNet finds fewer faces in grey or histogram-equalised pictures.
``evaluation.runs.conditions`` measures it.
"""

from __future__ import annotations

import cv2
import numpy as np

from vision.detection.base import Detections, Detector, Image
from vision.geometry import shared

CELL = 16
"""Side in px of the parts that are judged; gain and mean are smooth over about five of them."""
CONTRAST = 30.0
"""Standard deviation of grey values to which parts with less of it are stretched; with more, they stay as they are."""
MIDDLE = 90.0
"""Mean grey value of parts that are stretched to twice their contrast or more."""
MOST = 8.0
"""Largest gain; what lies deeper is noise."""
PLAIN = 0.8
"""Standard deviation under which a part is plain: bars, a painted background."""
LEAST = 1.5
"""Gain under which a part is not worth a second look."""
FAINT = 3
"""Of so many looks one goes into the shade as well: every 0.36 s, less than is masked before a first sighting."""
WITHIN = 0.7
"""Share of a face found in the stretched picture that lies in one found as it is, from which on it is part of that."""
_PARTS = 32


def normalise_locally(picture: Image) -> Image | None:
    """``picture`` (BGR ``[H, W, 3]``) with its faint parts stretched; None where there are none but plain ones."""
    height, width = picture.shape[:2]
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.float32)
    cells = (max(1, width // CELL), max(1, height // CELL))
    mean = cv2.resize(grey, cells, interpolation=cv2.INTER_AREA)
    square = cv2.resize(grey * grey, cells, interpolation=cv2.INTER_AREA)
    mean, square = (cv2.GaussianBlur(part, (5, 5), 0, borderType=cv2.BORDER_REPLICATE) for part in (mean, square))
    deviation = np.sqrt(np.maximum(square - mean * mean, 0.0))
    gain = np.clip(CONTRAST / np.maximum(deviation, 1.0), 1.0, MOST)
    if not ((deviation >= PLAIN) & (gain >= LEAST)).any():
        return None
    shift = (MIDDLE - mean * gain) * np.clip(gain - 1.0, 0.0, 1.0)
    # In whole numbers, a fifth of the time: the gain in 32nds, and sums that fit 16 bits.
    factor = np.round(np.minimum(gain * _PARTS, 255)).astype(np.uint8)
    wide, offset = (
        cv2.merge([cv2.resize(part, (width, height), interpolation=cv2.INTER_LINEAR)] * 3)
        for part in (factor, np.round(shift).astype(np.int16))
    )
    stretched = cv2.multiply(picture, wide, scale=1 / _PARTS, dtype=cv2.CV_16S)
    return np.asarray(cv2.add(stretched, offset, dtype=cv2.CV_8U), np.uint8)


def faint(detector: Detector, picture: Image, threshold: float, found: Detections) -> Detections:
    """Faces that ``detector`` finds only where ``picture`` has little contrast.

    Args:
        detector: that finds faces.
        picture: BGR ``[H, W, 3]``.
        threshold: least score.
        found: what it found in the picture as it is. Within a face that is plain to see lies that face, not another
            one behind a veil.
    """
    clear = normalise_locally(picture)
    if clear is None:
        return Detections.none()
    more = detector(clear, threshold)
    return more.take(np.flatnonzero((shared(more.boxes, found.boxes) < WITHIN).all(axis=1)))
