"""Mel-frequency cepstra exactly as ``python_speech_features.mfcc`` computes them, on which LR-ASD was trained."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

RATE, WINDOW, STEP, FFT, FILTERS, CEPSTRA, LIFTER = 16000, 400, 160, 512, 26, 13, 22


@cache
def _filters() -> npt.NDArray[np.float64]:
    mel = np.linspace(0.0, 2595.0 * np.log10(1.0 + RATE / 2 / 700.0), FILTERS + 2)
    edges = np.floor((FFT + 1) * 700.0 * (10.0 ** (mel / 2595.0) - 1.0) / RATE)
    bank = np.zeros((FILTERS, FFT // 2 + 1))
    for i in range(FILTERS):
        low, mid, high = (int(e) for e in edges[i : i + 3])
        bank[i, low:mid] = (np.arange(low, mid) - low) / max(mid - low, 1)
        bank[i, mid:high] = (high - np.arange(mid, high)) / max(high - mid, 1)
    return bank


def mfcc(samples: npt.NDArray[np.float32], frames: int) -> npt.NDArray[np.float32]:
    """Cepstra ``[frames, 13]`` at 100 Hz of ``samples [n]`` at 16 kHz in -1..1; short sound is padded with zeros.

    25 ms windows without taper every 10 ms, pre-emphasis 0.97, 26 mel filters, orthonormal DCT-II, lifter 22, and the
    log energy in place of the first coefficient; samples are scaled to 16-bit integers as in training.
    """
    need = (frames - 1) * STEP + WINDOW
    from scipy.fft import dct  # slow to import

    x = np.zeros(need, np.float64)
    x[: min(need, len(samples))] = samples[:need].astype(np.float64) * 32768.0
    x = np.append(x[0], x[1:] - 0.97 * x[:-1])
    windows = np.lib.stride_tricks.sliding_window_view(x, WINDOW)[::STEP]
    power = np.abs(np.fft.rfft(windows, FFT)) ** 2 / FFT
    tiny = np.finfo(np.float64).eps
    energy = power.sum(axis=1)
    mel = power @ _filters().T
    cepstra = dct(np.log(np.where(mel == 0.0, tiny, mel)), type=2, axis=1, norm="ortho")[:, :CEPSTRA]
    cepstra *= 1.0 + (LIFTER / 2.0) * np.sin(np.pi * np.arange(CEPSTRA) / LIFTER)
    cepstra[:, 0] = np.log(np.where(energy == 0.0, tiny, energy))
    return np.asarray(cepstra, np.float32)
