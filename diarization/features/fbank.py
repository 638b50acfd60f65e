"""Log-mel features of the two speaker embedding models, in NumPy, for batches of pieces of equal length.

Both models take 80 log-mel bands every 10 ms at 16 kHz, but computed differently, and an embedding from the wrong
features is silently worse: each recipe follows the toolkit its model was trained with.

* :func:`speechbrain_fbank`: SpeechBrain's ``Fbank`` as its ECAPA-TDNN recipe uses it: 400-sample periodic Hamming
  frames centred on multiples of 160 samples (zeros outside), power spectrum, triangles on the 2595 log10(1 + f/700)
  scale, dB with an 80 dB floor under the piece's peak, mean of every band removed.
* :func:`kaldi_fbank`: Kaldi's ``compute-fbank-feats`` as the CAM++ recipe uses it: only whole frames, DC removed,
  pre-emphasis 0.97, Povey window, 512-point power spectrum, triangles on the 1127 ln(1 + f/700) scale from 20 Hz,
  natural log, mean of every band removed.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from timeline import FloatArray

SAMPLE_RATE = 16000
FRAME, HOP, BANDS = 400, 160, 80
_KALDI_FFT = 512
_KALDI_FLOOR = float(np.finfo(np.float32).eps)
_AMIN, _TOP_DB = 1e-10, 80.0

Float64 = npt.NDArray[np.float64]


@cache
def _speechbrain_bank() -> tuple[FloatArray, FloatArray]:
    """Window ``[400]`` and filters ``[201, 80]``. Both slopes of a triangle are equally wide, as in SpeechBrain."""
    window = 0.54 - 0.46 * np.cos(2 * np.pi * np.arange(FRAME) / FRAME)
    mel = np.linspace(0.0, 2595 * np.log10(1 + SAMPLE_RATE / 2 / 700), BANDS + 2)
    hz = 700 * (10 ** (mel / 2595) - 1)
    width, centre = np.diff(hz)[:-1], hz[1:-1]
    slope = (np.linspace(0, SAMPLE_RATE // 2, FRAME // 2 + 1)[:, None] - centre) / width
    return window.astype(np.float32), np.maximum(0.0, np.minimum(1 + slope, 1 - slope)).astype(np.float32)


@cache
def _kaldi_bank() -> tuple[FloatArray, FloatArray]:
    """Window ``[400]`` and filters ``[257, 80]`` (the Nyquist bin has weight 0, as in Kaldi)."""
    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME) / (FRAME - 1))) ** 0.85

    def to_mel(hz: Float64) -> Float64:
        return np.asarray(1127.0 * np.log1p(hz / 700.0), np.float64)

    edges = np.linspace(to_mel(np.array(20.0)), to_mel(np.array(SAMPLE_RATE / 2)), BANDS + 2)
    bins = to_mel(np.arange(_KALDI_FFT // 2) * SAMPLE_RATE / _KALDI_FFT)[:, None]
    left, centre, right = edges[:-2], edges[1:-1], edges[2:]
    bank = np.maximum(0.0, np.minimum((bins - left) / (centre - left), (right - bins) / (right - centre)))
    return window.astype(np.float32), np.pad(bank, ((0, 1), (0, 0))).astype(np.float32)


def _power(frames: FloatArray, size: int) -> FloatArray:
    spectrum = np.fft.rfft(frames, size, axis=-1)
    return np.asarray(spectrum.real**2 + spectrum.imag**2, np.float32)


def speechbrain_fbank(pieces: FloatArray) -> FloatArray:
    """Features ``[B, 1 + n // 160, 80]`` of pieces ``[B, n]`` (16 kHz, -1..1), as ECAPA-TDNN takes them."""
    window, bank = _speechbrain_bank()
    padded = np.pad(np.asarray(pieces, np.float32), ((0, 0), (FRAME // 2, FRAME // 2)))
    frames = sliding_window_view(padded, FRAME, axis=1)[:, ::HOP]
    db = 10 * np.log10(np.maximum(_power(frames * window, FRAME) @ bank, _AMIN))
    db = np.maximum(db, db.max(axis=(1, 2), keepdims=True) - _TOP_DB)
    return np.asarray(db - db.mean(axis=1, keepdims=True), np.float32)


def kaldi_fbank(pieces: FloatArray) -> FloatArray:
    """Features ``[B, 1 + (n - 400) // 160, 80]`` of pieces ``[B, n]`` (16 kHz, n >= 400), as CAM++ takes them."""
    window, bank = _kaldi_bank()
    frames = sliding_window_view(np.asarray(pieces, np.float32), FRAME, axis=1)[:, ::HOP]
    frames = frames - frames.mean(axis=-1, keepdims=True)
    # Kaldi assumes that the sample before the first one equals it.
    before = np.concatenate([frames[..., :1], frames[..., :-1]], axis=-1)
    log = np.log(np.maximum(_power((frames - 0.97 * before) * window, _KALDI_FFT) @ bank, _KALDI_FLOOR))
    return np.asarray(log - log.mean(axis=1, keepdims=True), np.float32)
