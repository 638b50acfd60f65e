"""Whose lips go with the sound: the scorer protocol, LR-ASD (or Light-ASD), and a scorer that needs no weights."""

from __future__ import annotations

from typing import Any, Protocol

import cv2
import numpy as np
import numpy.typing as npt

from vision.crops import CROP_RATE
from vision.mfcc import RATE, STEP, WINDOW, mfcc

Scores = npt.NDArray[np.float64]
PER_CROP = RATE // CROP_RATE
"""Samples of sound for one crop."""


def samples_for(crops: int) -> int:
    """How many samples of 16 kHz sound a scorer wants for that many crops."""
    return crops * PER_CROP + WINDOW - STEP


class SpeakerScorer(Protocol):
    """Scores how likely the face is the one that is heard."""

    @property
    def id(self) -> str:
        """Name of the model."""
        ...

    def __call__(self, crops: npt.NDArray[np.uint8], sound: npt.NDArray[np.float32]) -> Scores:
        """Probability ``[T]``.

        For grey ``crops`` ``[T, 112, 112]`` at 25 per second and 16 kHz ``sound`` that begins with the first of them.
        """
        ...


class AvAsd:
    """LR-ASD (Liao et al., IJCV 2025) or Light-ASD (Liao et al., CVPR 2023) in ONNX Runtime.

    The session takes ``audio`` ``[1, 4 T, 13]`` and ``faces`` 0..255 ``[1, T, 112, 112]`` and gives ``probability``
    ``[1, T]``.
    """

    def __init__(self, session: Any, id: str = "lr-asd") -> None:
        self._session = session
        self.id = id

    def __call__(self, crops: npt.NDArray[np.uint8], sound: npt.NDArray[np.float32]) -> Scores:
        """See :class:`SpeakerScorer`."""
        feed = {"audio": mfcc(sound, 4 * len(crops))[None], "faces": crops[None].astype(np.float32)}
        return np.asarray(self._session.run(["probability"], feed)[0][0], np.float64)


class LipMotion:
    """Without weights: how much the mouth moves beyond the rest of the face, while there is voice and with it.

    Knows no more than that, so it is easily taken in by somebody who chews; its probabilities stay away from 0 and 1.
    """

    id = "lips"

    def __call__(self, crops: npt.NDArray[np.uint8], sound: npt.NDArray[np.float32]) -> Scores:
        """See :class:`SpeakerScorer`."""
        count = len(crops)
        if count < 3:
            return np.full(count, 0.3)
        small = np.stack([cv2.resize(crop, (28, 28), interpolation=cv2.INTER_AREA) for crop in crops]).astype(
            np.float32
        )
        contrast = np.maximum(small.std(axis=(1, 2)), 4.0)[:, None, None]
        flat = (small - small.mean(axis=(1, 2), keepdims=True)) / contrast
        change = np.abs(np.diff(flat, axis=0, prepend=flat[:1]))
        mouth, rest = change[:, 13:24, 7:21].mean(axis=(1, 2)), change[:, :10, 4:24].mean(axis=(1, 2))
        motion = _smooth(np.clip(mouth - 0.8 * rest, 0.0, 0.5), 9)
        voice = _envelope(sound, count)
        loud = _smooth(voice, 5)
        together = _smooth((motion - _smooth(motion, 51)) * (loud - _smooth(loud, 51)), 25)
        together /= (
            np.sqrt(_smooth((motion - _smooth(motion, 51)) ** 2, 25) * _smooth((loud - _smooth(loud, 51)) ** 2, 25))
            + 1e-4
        )
        logit = 40.0 * (motion - 0.045) + 1.5 * together
        return np.asarray(loud / (1.0 + np.exp(-np.clip(logit, -4.0, 4.0))))


def _smooth(values: Scores, width: int) -> Scores:
    width = min(width, 2 * ((len(values) - 1) // 2) + 1)
    padded = np.pad(values, width // 2, mode="edge")
    return np.convolve(padded, np.full(width, 1.0 / width), mode="valid")


def _envelope(sound: npt.NDArray[np.float32], count: int) -> Scores:
    """Voice activity 0..1 per crop ``[count]``: loudness above the quietest tenth, full at 20 dB over it."""
    padded = np.zeros(count * PER_CROP, np.float64)
    padded[: min(len(sound), len(padded))] = sound[: len(padded)]
    level = 10.0 * np.log10(np.mean(padded.reshape(count, PER_CROP) ** 2, axis=1) + 1e-10)
    floor = max(float(np.percentile(level, 10)), -65.0)
    peak = max(float(np.percentile(level, 95)), floor + 15.0)
    return np.asarray(np.clip((level - floor) / max(0.6 * (peak - floor), 1.0), 0.0, 1.0))
