"""A face whose mouth alone is covered is told from one that is masked."""

import numpy as np

from evaluation.attacks.safe_recording import eyes_alike
from vision import Detections
from vision.recognition import TEMPLATE


def test_a_covered_mouth_leaves_the_eyes() -> None:
    clean = np.random.default_rng(0).integers(0, 255, (112, 112, 3), np.uint8)
    box = np.array([[0, 0, 112, 112]], np.float32)
    face = Detections(box, TEMPLATE[None].astype(np.float32), np.ones(1, np.float32))
    mouth, masked = clean.copy(), clean.copy()
    mouth[66:] = 96
    masked[:] = 96
    assert eyes_alike(clean, clean, face)
    assert eyes_alike(mouth, clean, face)
    assert not eyes_alike(masked, clean, face)
