"""Measures the pitch contour of a speaker, and moves it into another voice's range.

Pitch is found by the normalised cross-correlation of the sound with itself (Talkin's RAPT, 1995: dynamic programming
over the best lags of each frame, one of which is "no pitch"). A second pass prefers pitches near the speaker's median,
because errors by an octave lie far from it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from timeline import FloatArray
from voice.resynthesis.settings import (
    CONTOUR_SMOOTHING,
    EVEN_CORRELATION,
    LEAST_FRAMES,
    LONG_LAG_COST,
    MEDIAN_FRAMES,
    ONSET_COST,
    PITCH_CANDIDATES,
    PITCH_CHANGE_COST,
    PITCHES,
    QUIET_SHARE,
    REACH,
    VOICED,
)

Numbers = npt.NDArray[np.float64]
HOP = 0.0125
"""Seconds between two values of a contour."""
_RATE = 8000
_WINDOW = 0.03
_FAR, _NEAR = 0.25, 0.35
"""Cost of a pitch, per neper beyond the second number from the speaker's median."""


@dataclass(frozen=True, slots=True)
class PitchRange:
    """Median and standard deviation of the natural logarithm of a voice's pitch."""

    median: float
    deviation: float


USUAL = PitchRange(float(np.log(150.0)), 0.2)
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
    if count < LEAST_FRAMES:
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
    loud = level > QUIET_SHARE * np.quantile(level, 0.95) + 1e-5
    return _contour(alike, lags.astype(np.float64), loud)


def _contour(alike: Numbers, lags: Numbers, loud: npt.NDArray[np.bool_]) -> Numbers:
    """The pitch of each frame in Hz, nan where there is none, from its correlations ``[n, L]`` at ``lags`` ``[L]``."""
    before, here, after = alike[:, :-2], alike[:, 1:-1], alike[:, 2:]
    peak, offset = np.zeros(alike.shape, bool), np.zeros_like(alike)
    peak[:, 1:-1] = (here >= before) & (here > after)
    bend = before - 2 * here + after
    offset[:, 1:-1] = np.clip(0.5 * (before - after) / np.where(np.abs(bend) > 1e-9, bend, np.inf), -0.5, 0.5)
    score = np.where(peak, alike - LONG_LAG_COST * np.log2(lags / lags[0]), -1.0)
    first = _path(score, lags + offset, loud)
    found = first[np.isfinite(first)]
    if len(found) < MEDIAN_FRAMES:
        return first
    away = np.abs(np.log(lags * np.median(found) / _RATE))
    return _path(score - _FAR * np.maximum(0.0, away - _NEAR), lags + offset, loud)


def _path(score: Numbers, periods: Numbers, loud: npt.NDArray[np.bool_]) -> Numbers:
    """The likeliest pitch of each frame: a high score, and close to the frame before; the last state is no pitch."""
    best = np.argpartition(-score, PITCH_CANDIDATES, axis=1)[:, :PITCH_CANDIDATES]
    place = np.log(np.take_along_axis(periods, best, axis=1))
    none = np.where(loud, EVEN_CORRELATION, 1.0)[:, None]
    value = np.concatenate([np.take_along_axis(score, best, axis=1), none], axis=1)
    total, back = value[0].copy(), np.zeros(value.shape, np.int64)
    cost = np.full((PITCH_CANDIDATES + 1, PITCH_CANDIDATES + 1), ONSET_COST)
    cost[-1, -1] = 0.0
    for t in range(1, len(value)):
        cost[:-1, :-1] = np.minimum(PITCH_CHANGE_COST * np.abs(place[t][:, None] - place[t - 1][None]), 1.0)
        reach = total[None] - cost
        back[t] = np.argmax(reach, axis=1)
        total = value[t] + np.take_along_axis(reach, back[t][:, None], axis=1)[:, 0]
    out = np.full(len(value), np.nan)
    which = int(np.argmax(total))
    for t in range(len(value) - 1, -1, -1):
        if which < PITCH_CANDIDATES:
            out[t] = _RATE / np.exp(place[t, which])
        which = int(back[t, which])
    return out


def _at_8k(sound: Numbers, rate: int) -> Numbers:
    if rate == _RATE:
        return sound
    from math import gcd

    from scipy.signal import resample_poly

    shared = gcd(rate, _RATE)
    return np.asarray(resample_poly(sound, _RATE // shared, rate // shared))


def pitch_range(pitch: Numbers) -> PitchRange | None:
    """The pitch range of a voice; None if too little of it is voiced.

    The deviation is 0.74 of the distance between the quartiles, so that octave errors do not widen it.
    """
    logs = np.log(pitch[np.isfinite(pitch)])
    if len(logs) < MEDIAN_FRAMES:
        return None
    low, median, high = np.quantile(logs, (0.25, 0.5, 0.75))
    return PitchRange(float(median), float(max(0.74 * (high - low), 0.03)))


def transposed(
    own: Numbers, speaker: PitchRange, said: FloatArray, voice: PitchRange, share: float = 1.0, start: float = 0.0
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
        line = np.convolve(
            np.pad(line, CONTOUR_SMOOTHING // 2, mode="edge"),
            np.ones(CONTOUR_SMOOTHING) / CONTOUR_SMOOTHING,
            mode="valid",
        )
        moves = share * line + (1.0 - share) * moves
    moved = np.exp(voice.median + voice.deviation * np.clip(moves, -REACH, REACH))
    return np.asarray(np.where(voiced, moved, said), np.float32)
