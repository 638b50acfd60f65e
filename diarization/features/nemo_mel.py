"""NeMo's log-mel features in NumPy, for Sortformer and TitaNet, of whole clips or as a stream.

Computed as by ``AudioToMelSpectrogramPreprocessor`` (NeMo 3.0, evaluation mode): pre-emphasis 0.97 over the recording
(the first sample stays), frames centred on multiples of 160 samples with zeros outside the sound, a symmetric Hann
window of 400 samples in the middle of 512, power spectrum, triangles of area one on Slaney's mel scale from 0 to
8000 Hz, natural logarithm of the energy plus 2^-24. ``n`` samples give ``n // 160`` frames. ``per_feature``
normalisation subtracts each band's mean and divides by its deviation (n - 1, plus 1e-5); ``NA`` is none. Dither is for
training only. Slaney's scale: linear up to 1000 Hz (200 / 3 Hz a mel), then logarithmic with 27 mels to a factor of
6.4 (M. Slaney, Auditory Toolbox, 1998).
"""

from __future__ import annotations

from functools import cache
from typing import Literal

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from timeline import FloatArray

SAMPLE_RATE = 16000
HOP = 160
"""Samples from one frame to the next (10 ms)."""
WINDOW, FFT = 400, 512
REACH = WINDOW // 2
"""Samples on either side of its centre that a frame covers."""
TITANET_BANDS, SORTFORMER_BANDS = 80, 128
"""Mel bands that the two networks were trained on."""
PREEMPHASIS = 0.97
GUARD = 2.0**-24
_EPS = 1e-5
_BLOCK = 3000
"""Frames transformed at once, so that a long recording needs little memory."""

Normalisation = Literal["per_feature", "NA"]


def _slaney(bands: int) -> FloatArray:
    step, knee, ratio = 200.0 / 3, 1000.0, np.log(6.4) / 27
    top = knee / step + np.log(SAMPLE_RATE / 2 / knee) / ratio
    mel = np.linspace(0.0, top, bands + 2)
    hz = np.where(mel < knee / step, mel * step, knee * np.exp(ratio * (mel - knee / step)))
    bins = np.linspace(0.0, SAMPLE_RATE / 2, FFT // 2 + 1)[:, None]
    left, centre, right = hz[:-2], hz[1:-1], hz[2:]
    bank = np.maximum(0.0, np.minimum((bins - left) / (centre - left), (right - bins) / (right - centre)))
    return np.asarray(bank * 2.0 / (right - left), np.float32)


@cache
def _tables(bands: int) -> tuple[FloatArray, FloatArray]:
    """Window ``[400]`` and filters ``[257, bands]``."""
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / (WINDOW - 1))
    return window.astype(np.float32), _slaney(bands)


def _log_mel(padded: FloatArray, bands: int) -> FloatArray:
    """Features ``[..., T, bands]`` of pre-emphasised samples ``[..., (T - 1) * 160 + 400]``."""
    window, bank = _tables(bands)
    frames = sliding_window_view(padded, WINDOW, axis=-1)[..., ::HOP, :]
    out = np.empty((*frames.shape[:-1], bands), np.float32)
    for at in range(0, frames.shape[-2], _BLOCK):
        part = (..., slice(at, at + _BLOCK), slice(None))
        # The position of the window in the 512 points only changes phases; the power is the same.
        spectrum = np.fft.rfft(frames[part] * window, FFT, axis=-1)
        power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
        out[part] = np.log(power @ bank + np.float32(GUARD))
    return out


def _emphasised(samples: FloatArray, before: float) -> FloatArray:
    """Pre-emphasis of ``[..., n]`` after the sample ``before``."""
    shifted = np.concatenate([np.full((*samples.shape[:-1], 1), before, np.float32), samples[..., :-1]], axis=-1)
    return np.asarray(samples - np.float32(PREEMPHASIS) * shifted, np.float32)


def log_mel(
    samples: FloatArray, bands: int = TITANET_BANDS, normalisation: Normalisation = "per_feature"
) -> FloatArray:
    """Features ``[..., n // 160, bands]`` of clips ``[..., n]`` at 16 kHz, -1..1; n >= 160."""
    samples = np.asarray(samples, np.float32)
    count = samples.shape[-1] // HOP
    if not count:
        raise ValueError(f"{samples.shape[-1]} samples are less than one frame of {HOP}")
    edges = [(0, 0)] * (samples.ndim - 1) + [(REACH, REACH)]
    padded = np.pad(_emphasised(samples, 0.0), edges)[..., : (count - 1) * HOP + WINDOW]
    features = _log_mel(padded, bands)
    if normalisation == "NA":
        return features
    mean = features.mean(axis=-2, keepdims=True)
    deviation = np.sqrt(((features - mean) ** 2).sum(axis=-2, keepdims=True) / max(count - 1, 1))
    return np.asarray((features - mean) / (deviation + np.float32(_EPS)), np.float32)


class MelStream:
    """The same features without normalisation, from sound that arrives in pieces; holds 25 ms.

    Args:
        bands: mel bands.
    """

    def __init__(self, bands: int = SORTFORMER_BANDS) -> None:
        self._bands = bands
        self._held = np.zeros(REACH, np.float32)  # pre-emphasised samples, from REACH before the next frame's centre on
        self._last = 0.0
        self._samples = self._frames = 0

    def push(self, samples: FloatArray) -> FloatArray:
        """Take ``samples [n]``; return the frames ``[k, bands]`` that are complete now."""
        samples = np.asarray(samples, np.float32)
        if len(samples):
            self._held = np.concatenate([self._held, _emphasised(samples, self._last)])
            self._last = float(samples[-1])
            self._samples += len(samples)
        return self._take((len(self._held) - WINDOW) // HOP + 1)

    def flush(self) -> FloatArray:
        """The last frames, which extend beyond the end of the sound; do not push after it."""
        left = self._samples // HOP - self._frames
        self._held = np.pad(self._held, (0, max(0, (left - 1) * HOP + WINDOW - len(self._held))))
        return self._take(left)

    def _take(self, count: int) -> FloatArray:
        count = min(count, self._samples // HOP - self._frames)
        if count <= 0:
            return np.zeros((0, self._bands), np.float32)
        features = _log_mel(self._held[: (count - 1) * HOP + WINDOW], self._bands)
        self._held = self._held[count * HOP :]
        self._frames += count
        return features
