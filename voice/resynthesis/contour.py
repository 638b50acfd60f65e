"""Measures the pitch contour of a speaker, and moves it into another voice's range.

Pitch is found by the normalised cross-correlation of the sound with itself (Talkin's RAPT, 1995, in its simplest form:
one resolution, dynamic programming over the best lags of each frame).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from timeline import FloatArray
from voice.resynthesis.settings import PITCHES, REACH, VOICED

Numbers = npt.NDArray[np.float64]
HOP = 0.0125
"""Seconds between two values of a contour."""
_RATE = 8000
_WINDOW = 0.03
_LEAST = 0.45
"""Correlation below which a frame has no pitch."""
_QUIET = 0.03
"""Share of the loudest frames' level below which a frame has no pitch."""
_BEST = 6
_CHANGE = 2.0
"""Cost of a pitch change, per neper."""
_SHORT_LAG = 0.02
"""How much a lag of half the length is preferred: the correlation at two periods is as high as at one."""
_SMOOTH = 3
"""Values over which a contour is averaged: finer detail is a trait of the voice, not of what is said."""


@dataclass(frozen=True, slots=True)
class Range:
    """Median and standard deviation of the natural logarithm of a voice's pitch."""

    median: float
    deviation: float


USUAL = Range(float(np.log(150.0)), 0.2)
"""The range of a voice of which nothing is known."""


def pitch_of(samples: FloatArray, rate: int) -> Numbers:
    """The pitch of a sound in Hz, one value every :data:`HOP` seconds; nan where there is none.

    Args:
        samples: ``[n]``.
        rate: samples per second, at least 8000.
    """
    sound = _at_8k(np.asarray(samples, np.float64), rate)
    size, least, most = round(_WINDOW * _RATE), int(_RATE / PITCHES[1]), int(_RATE / PITCHES[0])
    hop = round(HOP * _RATE)
    count = len(sound) // hop
    if count < 3:
        return np.full(count, np.nan)
    padded = np.concatenate([np.zeros(size // 2), sound, np.zeros(size + most)])
    at = np.arange(count) * hop
    frames = np.lib.stride_tricks.sliding_window_view(padded, size + most)[at]
    head = frames[:, :size] - frames[:, :size].mean(axis=1, keepdims=True)
    length = 1 << int(np.ceil(np.log2(2 * size + most)))
    spectrum = np.fft.rfft(frames, length) * np.conj(np.fft.rfft(head, length))
    match = np.fft.irfft(spectrum, length)[:, least : most + 1]
    power = np.concatenate([np.zeros((count, 1)), np.cumsum(frames**2, axis=1)], axis=1)
    lags = np.arange(least, most + 1)
    energy = power[:, lags + size] - power[:, lags]
    own = (head**2).sum(axis=1, keepdims=True)
    alike = match / np.sqrt(np.maximum(own * energy, 1e-12))
    level = np.sqrt(own[:, 0] / size)
    loud = level > _QUIET * np.quantile(level, 0.95) + 1e-5
    return _path(alike, lags, loud)


def _path(alike: Numbers, lags: npt.NDArray[np.int64], loud: npt.NDArray[np.bool_]) -> Numbers:
    """The likeliest pitch of each frame: a high correlation, and close to the frame before."""
    octave = np.log2(lags / lags[0])
    score = alike - _SHORT_LAG * octave
    peak = np.zeros_like(score, bool)
    peak[:, 1:-1] = (score[:, 1:-1] >= score[:, :-2]) & (score[:, 1:-1] > score[:, 2:])
    score = np.where(peak, score, -1.0)
    best = np.argsort(-score, axis=1)[:, :_BEST]
    value = np.take_along_axis(score, best, axis=1)
    place = np.log(lags[best])
    total, back = value[0].copy(), np.zeros(best.shape, np.int64)
    for t in range(1, len(best)):
        cost = np.minimum(_CHANGE * np.abs(place[t][:, None] - place[t - 1][None]), 1.0)
        reach = total[None] - cost
        back[t] = np.argmax(reach, axis=1)
        total = value[t] + np.take_along_axis(reach, back[t][:, None], axis=1)[:, 0]
    out = np.empty(len(best))
    which = int(np.argmax(total))
    for t in range(len(best) - 1, -1, -1):
        out[t] = _RATE / lags[best[t, which]] if loud[t] and value[t, which] > _LEAST else np.nan
        which = int(back[t, which])
    return out


def _at_8k(sound: Numbers, rate: int) -> Numbers:
    if rate == _RATE:
        return sound
    from math import gcd

    from scipy.signal import resample_poly

    shared = gcd(rate, _RATE)
    return np.asarray(resample_poly(sound, _RATE // shared, rate // shared))


def range_of(pitch: Numbers) -> Range | None:
    """The pitch range of a voice; None if too little of it is voiced.

    The deviation is 0.74 of the distance between the quartiles, so that octave errors do not widen it.
    """
    logs = np.log(pitch[np.isfinite(pitch)])
    if len(logs) < 10:
        return None
    low, median, high = np.quantile(logs, (0.25, 0.5, 0.75))
    return Range(float(median), float(max(0.74 * (high - low), 0.03)))


def transposed(
    own: Numbers, speaker: Range, said: FloatArray, voice: Range, share: float = 1.0, start: float = 0.0
) -> FloatArray:
    """A pitch curve of the synthesiser with the speaker's movement in it.

    Args:
        own: ``[n]``, the speaker's pitch, Hz; nan where there is none.
        speaker: the speaker's pitch range.
        said: ``[m]``, the synthesiser's own curve, Hz. Values without pitch are kept.
        voice: the pitch range of the target voice.
        share: 0..1, how much of the movement is the speaker's; the rest is the synthesiser's.
        start: seconds by which ``said`` begins after ``own``; negative: before.
    """
    voiced = said > VOICED
    found = np.flatnonzero(np.isfinite(own))
    if not voiced.any():
        return said
    made = np.log(np.maximum(said, 1.0))
    moves = (made - np.median(made[voiced])) / max(voice.deviation, 1e-3)
    if len(found):
        at = start / HOP + np.arange(len(said))
        line = np.interp(at, found, (np.log(own[found]) - speaker.median) / speaker.deviation)
        line = np.convolve(np.pad(line, _SMOOTH // 2, mode="edge"), np.ones(_SMOOTH) / _SMOOTH, mode="valid")
        moves = share * line + (1.0 - share) * moves
    moved = np.exp(voice.median + voice.deviation * np.clip(moves, -REACH, REACH))
    return np.asarray(np.where(voiced, moved, said), np.float32)
