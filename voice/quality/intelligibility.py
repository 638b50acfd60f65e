"""STOI: how intelligible degraded speech is, by its similarity to clean speech in short stretches of 15 bands.

Taal, Hendriks, Heusdens, Jensen: "An Algorithm for Intelligibility Prediction of Time-Frequency Weighted Noisy Speech"
(IEEE TASLP 2011). It compares waveforms, so it is only meaningful for speech aligned with its reference.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from timeline import FloatArray

Numbers = npt.NDArray[np.float64]
RATE = 10000
"""Sample rate in Hz for which STOI is defined."""
_FRAME, _FFT, _BANDS, _LOWEST, _STRETCH = 256, 512, 15, 150.0, 30
_RANGE_DB, _CLIP_DB = 40.0, -15.0


def stoi(clean: FloatArray, degraded: FloatArray, rate: int) -> float:
    """STOI, about 0..1; nan if there are less than 0.4 s of speech.

    Args:
        clean: ``[n]``, the reference.
        degraded: ``[n]``, aligned with it.
        rate: samples per second of both.
    """
    from math import gcd

    from scipy.signal import resample_poly

    size = min(len(clean), len(degraded))
    if not size:
        return float("nan")
    shared = gcd(rate, RATE)
    sounds = [
        resample_poly(np.asarray(each[:size], np.float64), RATE // shared, rate // shared) for each in (clean, degraded)
    ]
    window = np.hanning(_FRAME + 2)[1:-1]
    frames = [_frames(sound) * window for sound in sounds]
    level = 20 * np.log10(np.linalg.norm(frames[0], axis=1) + 1e-12)
    speech = level > level.max(initial=-np.inf) - _RANGE_DB
    if int(speech.sum()) < _STRETCH + 1:
        return float("nan")
    rebuilt = [_overlapped(each[speech]) for each in frames]
    bands = _bands()
    one, other = (np.sqrt(np.abs(np.fft.rfft(_frames(each) * window, _FFT)) ** 2 @ bands.T) for each in rebuilt)
    stretches = [np.lib.stride_tricks.sliding_window_view(each, _STRETCH, axis=0) for each in (one, other)]
    wanted, heard = stretches
    scale = np.linalg.norm(wanted, axis=2, keepdims=True) / (np.linalg.norm(heard, axis=2, keepdims=True) + 1e-12)
    bounded = np.minimum(heard * scale, wanted * (1 + 10 ** (-_CLIP_DB / 20)))
    centred = [each - each.mean(axis=2, keepdims=True) for each in (wanted, bounded)]
    norms = [np.linalg.norm(each, axis=2) for each in centred]
    return float(((centred[0] * centred[1]).sum(axis=2) / (norms[0] * norms[1] + 1e-12)).mean())


def _frames(sound: Numbers) -> Numbers:
    if len(sound) < _FRAME:
        return np.zeros((0, _FRAME))
    return np.lib.stride_tricks.sliding_window_view(sound, _FRAME)[:: _FRAME // 2]


def _overlapped(frames: Numbers) -> Numbers:
    out = np.zeros((len(frames) + 1) * _FRAME // 2)
    for at, frame in enumerate(frames):
        out[at * _FRAME // 2 : at * _FRAME // 2 + _FRAME] += frame
    return out


def _bands() -> Numbers:
    """Third-octave bands ``[15, 257]``, from 150 Hz up."""
    frequency = np.linspace(0, RATE, _FFT + 1)[: _FFT // 2 + 1]
    out = np.zeros((_BANDS, len(frequency)))
    for band in range(_BANDS):
        low, high = (_LOWEST * 2 ** ((2 * band + side) / 6) for side in (-1, 1))
        first, last = (int(np.argmin((frequency - edge) ** 2)) for edge in (low, high))
        out[band, first:last] = 1.0
    return out
