"""Sound made from mel spectra, for an attacker who wants to hear the words: Griffin-Lim (1984) on the inverted filters.

``mel`` gives spectra of any number of bands and any length of frames, as an export could hold them; ``sound_from``
makes sound of them again.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.optimize import nnls

from timeline import FloatArray

RATE = 16_000
SIZE, HOP = 512, 160
ROUNDS = 40
_FLOOR = 1e-10
Numbers = npt.NDArray[np.float64]


def mel(sound: FloatArray, bands: int, frames: int = 1) -> Numbers:
    """Log power in mel bands ``[n // 160 / frames, bands]``; a row is the mean of ``frames`` frames of 10 ms."""
    power = np.abs(_spectrum(sound)) ** 2
    rows = (bank(bands) @ power).T
    count = len(rows) // frames
    means = rows[: count * frames].reshape(count, frames, bands).mean(axis=1)
    return np.asarray(np.log(np.maximum(means, _FLOOR)), np.float64)


def sound_from(rows: Numbers, frames: int = 1) -> FloatArray:
    """Sound of log mel power ``[N, bands]``; each row stands for ``frames`` of 10 ms."""
    from scipy.signal import istft  # slow to import

    bands = rows.shape[1]
    power = np.array([nnls(bank(bands), row)[0] for row in np.exp(rows)]).T
    wanted = np.sqrt(np.repeat(power, frames, axis=1))
    phase = np.exp(2j * np.pi * np.random.default_rng(0).random(wanted.shape))
    samples = np.zeros(0, np.float32)
    for _ in range(ROUNDS):
        samples = istft(wanted * phase, RATE, nperseg=SIZE, noverlap=SIZE - HOP)[1]
        again = _spectrum(samples)[:, : wanted.shape[1]]
        again = np.pad(again, ((0, 0), (0, wanted.shape[1] - again.shape[1])))
        phase = again / np.maximum(np.abs(again), _FLOOR)
    return np.asarray(samples / max(float(np.abs(samples).max(initial=0.0)), _FLOOR) * 0.5, np.float32)


def _spectrum(sound: FloatArray) -> npt.NDArray[np.complex128]:
    from scipy.signal import stft  # slow to import

    return np.asarray(stft(sound, RATE, nperseg=SIZE, noverlap=SIZE - HOP)[2], np.complex128)


@cache
def bank(bands: int) -> Numbers:
    """Triangular filters ``[bands, 257]`` from 60 Hz to 8 kHz, evenly spaced on the mel scale (O'Shaughnessy, 1987)."""

    def to_mel(hz: Numbers) -> Numbers:
        mel: Numbers = 2595.0 * np.log10(1.0 + hz / 700.0)
        return mel

    low, high = to_mel(np.array([60.0, RATE / 2]))
    edges = np.linspace(low, high, bands + 2)
    bins = to_mel(np.linspace(0.0, RATE / 2, SIZE // 2 + 1))
    left, centre, right = (part[:, None] for part in (edges[:-2], edges[1:-1], edges[2:]))
    made: Numbers = np.maximum(0.0, np.minimum((bins - left) / (centre - left), (right - bins) / (right - centre)))
    # A narrow filter may lie between two bins: it takes the nearest.
    empty = made.sum(axis=1) == 0
    made[empty, np.abs(bins - centre[empty]).argmin(axis=1)] = 1.0
    return made
