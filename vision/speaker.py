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
    """Without weights: how much more the mouth moves than the rest of the face, while there is voice.

    The ratio of both, not the difference, so that light, size and compression of a picture cancel out. It knows no
    more than that and is
    taken in by somebody who chews; its probabilities stay away from 0 and 1. On the composed meetings: see
    ``evaluation.faces --scorer lips``.
    """

    id = "lips"

    def __call__(self, crops: npt.NDArray[np.uint8], sound: npt.NDArray[np.float32]) -> Scores:
        """See :class:`SpeakerScorer`."""
        count = len(crops)
        if count < 3:
            return np.full(count, 0.3)
        small = np.stack([cv2.resize(crop, (28, 28), interpolation=cv2.INTER_AREA) for crop in crops])
        small = small.astype(np.float32)
        contrast = np.maximum(small.std(axis=(1, 2)), 4.0)[:, None, None]
        flat = (small - small.mean(axis=(1, 2), keepdims=True)) / contrast
        change = np.abs(np.diff(flat, axis=0, prepend=flat[:1]))
        mouth, rest = change[:, 13:24, 7:21].mean(axis=(1, 2)), change[:, :10, 4:24].mean(axis=(1, 2))
        ratio = np.log((_smooth(mouth, 37) + 0.01) / (_smooth(rest, 37) + 0.01))
        voice = _smooth(_envelope(sound, count), 5)
        return np.asarray(np.clip(voice, 0.02, 1.0) / (1.0 + np.exp(-np.clip(3.0 * ratio, -4.0, 4.0))))


class WithLips:
    """A model's log odds with a share of those of :class:`LipMotion`, which costs next to nothing.

    Over the composed meetings a share of 0.4 gains up to .03 of AUC where there are many faces and loses .01 at most.
    """

    def __init__(self, scorer: SpeakerScorer, share: float) -> None:
        self._scorer, self._share, self._lips = scorer, share, LipMotion()
        self.id = scorer.id

    def __call__(self, crops: npt.NDArray[np.uint8], sound: npt.NDArray[np.float32]) -> Scores:
        """See :class:`SpeakerScorer`."""
        odds = logit(self._scorer(crops, sound)) + self._share * logit(self._lips(crops, sound))
        return np.asarray(1.0 / (1.0 + np.exp(-odds)))


def logit(p: Scores) -> Scores:
    """Log odds of probabilities, within +-9."""
    p = np.clip(p, 1.2e-4, 1.0 - 1.2e-4)
    return np.asarray(np.log(p / (1.0 - p)))


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
