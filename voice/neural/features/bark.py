"""The features that FARGAN speaks: 18 cepstral coefficients of Bark bands, the pitch and the voicing, every 10 ms.

Those of Opus 1.5 (``dnn/freq.c``, ``dnn/lpcnet_enc.c``): pre-emphasis, a window of 20 ms, the energy of 18 bands, its
logarithm, a discrete cosine transform. Opus finds the pitch with a network; here it is
:func:`voice.resynthesis.pitch_of`, carried through where there is none.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from timeline import FloatArray
from voice.resynthesis import FEATURES, FRAME, RATE, pitch_of

Numbers = npt.NDArray[np.float64]
BANDS = 18
PITCH, VOICING = 18, 19
"""Columns of the features."""
_EDGES = np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 34, 40]) * 4
"""Bins of 50 Hz at which bands have their peak."""
BAND_HERTZ = _EDGES * 50.0
"""Frequencies of the peaks."""
_PREEMPHASIS = 0.85
_FULL_SCALE = 32768.0
_FLOOR, _DROP, _RANGE = 1e-2, 2.5, 8.0
"""Least energy; how far a band may lie below the one before it, and below the loudest, in log10."""
_START = -2.0
_LEVEL = 4.0
"""Subtracted from the first coefficient."""
_USUAL = 150.0
"""Hz, where nothing is voiced."""
_HOP = 0.0125
"""Seconds between the values of :func:`voice.resynthesis.pitch_of`."""


def bark_features(sound: FloatArray) -> FloatArray:
    """Frames ``[n // 160, 20]`` of ``sound`` ``[n]`` at 16 kHz in -1..1.

    Frame ``t`` describes the 20 ms around the middle of the 160 samples that FARGAN makes of it.
    """
    count = len(sound) // FRAME
    out = np.zeros((count, FEATURES), np.float32)
    if not count:
        return out
    out[:, :BANDS] = cepstrum(_band_energy(np.asarray(sound, np.float64), count))
    pitch = pitch_track(sound)
    out[:, PITCH] = np.log2(256.0 * pitch / RATE) - 1.5
    out[:, VOICING] = _voicing(np.asarray(sound, np.float64), pitch)
    return out


def cepstrum(energy: Numbers) -> Numbers:
    """Coefficients ``[T, 18]`` of band energies ``[T, 18]`` in the scale of 16-bit samples."""
    logs = np.log10(_FLOOR + energy)
    follow = np.full(len(logs), _START)
    most = np.full(len(logs), _START)
    for band in range(BANDS):
        logs[:, band] = np.maximum(most - _RANGE, np.maximum(follow - _DROP, logs[:, band]))
        most = np.maximum(most, logs[:, band])
        follow = np.maximum(follow - _DROP, logs[:, band])
    out = logs @ _DCT
    out[:, 0] -= _LEVEL
    return np.asarray(out)


def pitch_track(sound: FloatArray) -> Numbers:
    """Hz ``[n // 160]``, carried on between voiced stretches and before and after them."""
    count = len(sound) // FRAME
    found = pitch_of(sound, RATE)
    voiced = np.flatnonzero(np.isfinite(found))
    if not len(voiced):
        return np.full(count, _USUAL)
    at = (np.arange(count) + 0.5) * FRAME / RATE / _HOP
    return np.asarray(np.exp(np.interp(at, voiced, np.log(found[voiced]))))


def _band_energy(sound: Numbers, count: int) -> Numbers:
    emphasised = np.concatenate([sound[:1], sound[1:] - _PREEMPHASIS * sound[:-1]]) * _FULL_SCALE
    padded = np.pad(emphasised, (FRAME // 2, FRAME))
    frames = np.lib.stride_tricks.sliding_window_view(padded, 2 * FRAME)[::FRAME][:count]
    power = np.abs(np.fft.rfft(frames * _WINDOW, axis=1) / (2 * FRAME)) ** 2
    return np.asarray(power @ _BAND_SHARES)


def _voicing(sound: Numbers, pitch: Numbers) -> Numbers:
    """How like the sound is to itself one period before, as Opus scales it: about -0.5 to 0.5."""
    period = np.clip(np.rint(RATE / pitch), 32, 255).astype(np.int64)
    padded = np.pad(sound * _FULL_SCALE, (FRAME // 2 + 256, FRAME))
    first = np.arange(len(pitch))[:, None] * FRAME + 256 + np.arange(2 * FRAME)[None]
    here, before = padded[first], padded[first - period[:, None]]
    power = 1.0 + (here**2).sum(axis=1) * (before**2).sum(axis=1)
    alike = np.clip((here * before).sum(axis=1) / np.sqrt(power), -1.0, 1.0)
    return np.asarray(np.log1p(np.exp(5.0 * alike)) / np.log1p(np.exp(5.0)) - 0.5)


def band_shares() -> Numbers:
    """How much of each bin of 50 Hz each band takes, ``[161, 18]``: triangles that add up to 1 between their peaks."""
    out = np.zeros((FRAME + 1, BANDS))
    for band in range(BANDS - 1):
        low, high = _EDGES[band], _EDGES[band + 1]
        share = np.arange(high - low) / (high - low)
        out[low:high, band] += 1.0 - share
        out[low:high, band + 1] += share
    out[:, 0] *= 2.0
    out[:, -1] *= 2.0
    return out


def half_window() -> Numbers:
    """The rising half ``[160]`` of Vorbis' window."""
    return np.asarray(np.sin(0.5 * np.pi * np.sin(0.5 * np.pi * (np.arange(FRAME) + 0.5) / FRAME) ** 2))


def cosines() -> Numbers:
    """The discrete cosine transform ``[18, 18]``, orthonormal."""
    out = np.cos((np.arange(BANDS)[:, None] + 0.5) * np.arange(BANDS)[None] * np.pi / BANDS) * np.sqrt(2.0 / BANDS)
    out[:, 0] *= np.sqrt(0.5)
    return np.asarray(out)


_BAND_SHARES = band_shares()
_WINDOW = np.concatenate([half_window(), half_window()[::-1]])
_DCT = cosines()
