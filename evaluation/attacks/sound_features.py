"""Features of sound that research asks for, each as one row of numbers for a turn, to be attacked like an export."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from evaluation.attacks.mel_inversion import mel
from timeline import FloatArray
from voice.quality import loudness, pitch_contour

Numbers = npt.NDArray[np.float64]
POINTS = 20
"""Values of a contour, spread evenly over a turn."""
MOVED = 0.06
"""Change of pitch (natural logarithm, about a semitone) from which on a turn ends high or low."""


def spectra(bands: int, frames: int) -> Callable[[FloatArray], Numbers]:
    """Mean and spread of log mel power over a turn ``[2 * bands]``."""

    def row(sound: FloatArray) -> Numbers:
        rows = mel(sound, bands, frames)
        return np.concatenate([rows.mean(axis=0), rows.std(axis=0)])

    return row


def pitch(sound: FloatArray) -> Numbers:
    """Mean and spread of log pitch ``[2]``."""
    curve = _pitch(sound)
    return np.array([curve.mean(), curve.std()])


def contours(sound: FloatArray) -> Numbers:
    """Contours of pitch and loudness without their mean and spread ``[40]``."""
    return np.concatenate([_points(_pitch(sound)), _points(loudness(sound))])


def ending(sound: FloatArray) -> Numbers:
    """Whether the last fifth of a turn is higher than the rest, as high, or lower ``[1]``."""
    curve = _pitch(sound)
    last = max(1, len(curve) // 5)
    step = curve[-last:].mean() - curve[:-last].mean() if len(curve) > last else 0.0
    return np.array([float(step > MOVED) - float(step < -MOVED)])


CANDIDATES: Mapping[str, Callable[[FloatArray], Numbers]] = {
    "80 mel bands, 10 ms": spectra(80, 1),
    "20 mel bands, 100 ms": spectra(20, 10),
    "mean and spread of pitch": pitch,
    "contours of pitch and loudness, z-scored": contours,
    "whether the pitch ends high or low": ending,
}


def _pitch(sound: FloatArray) -> Numbers:
    found = pitch_contour(sound)
    voiced = found[np.isfinite(found)]
    return np.log(voiced) if len(voiced) else np.zeros(1)


def _points(curve: Numbers) -> Numbers:
    drawn = np.interp(np.linspace(0, len(curve) - 1, POINTS), np.arange(len(curve)), curve)
    return np.asarray((drawn - drawn.mean()) / max(float(drawn.std()), 1e-6))
