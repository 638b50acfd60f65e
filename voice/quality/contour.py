"""Pitch, loudness and pace of speech over time, for comparing a voice before and after."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from timeline import FloatArray

Numbers = npt.NDArray[np.float64]
RATE = 16000
HOP = 160
"""Samples between two values: 10 ms."""
PITCHES = 60.0, 420.0
"""Range in Hz in which a pitch is looked for."""
_WINDOW = 960
_VOICED = 0.6
"""Least autocorrelation at one period of a frame that has a pitch."""
_QUIET = 0.1
"""Share of the mean power below which a frame has no pitch."""
_FIRST_PEAK = 0.85
"""The first correlation peak at least this high, relative to the highest, is the period; later ones are multiples."""
_ENOUGH = 20
"""Voiced frames needed to know a speaker's range."""
_FLOOR_DB = -50.0
_SYLLABLE = 9
_RISE_DB = 2.0
"""How far a loudness peak must rise above the valley before it to be a syllable."""


def pitch_contour(sound: FloatArray) -> Numbers:
    """Pitch in Hz every 10 ms ``[n // 160]``, by normalised autocorrelation over 60 ms; nan where there is none.

    It takes two passes: the first finds the speaker's range, the second searches only there (De Looze, Hirst:
    "Detecting Changes in Key and Range for the Automatic Modelling and Coding of Intonation", 2008).

    Args:
        sound: ``[n]`` at 16 kHz.
    """
    count = len(sound) // HOP
    if not count:
        return np.zeros(0)
    padded = np.pad(np.asarray(sound, np.float64), (_WINDOW // 2, _WINDOW))
    frames = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::HOP][:count]
    loud = (frames**2).mean(axis=1) > _QUIET * float((np.asarray(sound, np.float64) ** 2).mean()) + 1e-12
    window = np.hanning(_WINDOW)
    spectrum = np.abs(np.fft.rfft((frames - frames.mean(axis=1, keepdims=True)) * window, 2048)) ** 2
    fade = np.correlate(window, window, "full")[_WINDOW - 1 :]
    alike = np.fft.irfft(spectrum)[:, :_WINDOW] / np.maximum(fade, 1.0) * fade[0]
    found = np.where(loud, _periodic(alike, *PITCHES), np.nan)
    known = found[np.isfinite(found)]
    if len(known) < _ENOUGH:
        return found
    low, high = np.quantile(known, (0.25, 0.75))
    return np.where(loud, _periodic(alike, max(PITCHES[0], 0.75 * low), min(PITCHES[1], 1.5 * high)), np.nan)


def _periodic(alike: Numbers, lowest: float, highest: float) -> Numbers:
    """The pitch of each frame in Hz, between two bounds; nan where no peak is high enough."""
    low, high = int(RATE / highest), int(RATE / lowest) + 2
    inside = alike[:, low:high]
    peak = (inside[:, 1:-1] > inside[:, :-2]) & (inside[:, 1:-1] >= inside[:, 2:])
    best = (peak & (inside[:, 1:-1] > _FIRST_PEAK * inside.max(axis=1, keepdims=True))).argmax(axis=1) + low + 1
    at = np.arange(len(alike))
    before, here, after = alike[at, best - 1], alike[at, best], alike[at, best + 1]
    bend = before - 2 * here + after
    offset = np.where(np.abs(bend) > 1e-12, 0.5 * (before - after) / np.where(np.abs(bend) > 1e-12, bend, 1.0), 0.0)
    voiced = here > _VOICED * np.maximum(alike[:, 0], 1e-12)
    return np.where(voiced, RATE / (best + np.clip(offset, -0.5, 0.5)), np.nan)


def loudness(sound: FloatArray) -> Numbers:
    """Level in dB of every 10 ms ``[n // 160]``, over 20 ms, relative to the loudest; not below -50."""
    count = len(sound) // HOP
    if not count:
        return np.zeros(0)
    padded = np.pad(np.asarray(sound, np.float64), (HOP // 2, 2 * HOP))
    power = (np.lib.stride_tricks.sliding_window_view(padded, 2 * HOP)[::HOP][:count] ** 2).mean(axis=1)
    level = 10 * np.log10(np.maximum(power, 1e-12))
    return np.asarray(np.maximum(level - level.max(), _FLOOR_DB))


def syllables(sound: FloatArray) -> Numbers:
    """Times in seconds of syllable nuclei: loudness peaks that stand out (de Jong, Wempe, 2009)."""
    level = loudness(sound)
    if len(level) < _SYLLABLE:
        return np.zeros(0)
    smooth = np.convolve(np.pad(level, _SYLLABLE // 2, mode="edge"), np.hanning(_SYLLABLE + 2)[1:-1], mode="valid")
    smooth /= np.hanning(_SYLLABLE + 2)[1:-1].sum()
    voiced = np.isfinite(pitch_contour(sound))
    found: list[int] = []
    valley = float(smooth[0])
    for i in range(1, len(smooth) - 1):
        valley = min(valley, float(smooth[i]))
        top = smooth[i] >= smooth[i - 1] and smooth[i] > smooth[i + 1] and smooth[i] > _FLOOR_DB / 2
        if top and smooth[i] - valley >= _RISE_DB and voiced[max(0, i - 2) : i + 3].any():
            found.append(i)
            valley = float(smooth[i])
    return np.array(found, float) * HOP / RATE


@dataclass(frozen=True, slots=True)
class Likeness:
    """How similar the prosody of two renderings of one utterance is.

    Attributes:
        pitch: correlation of log pitch where both have one; nan if that is less than 0.2 s.
        energy: correlation of the loudness in dB.
        pace: syllables per second of the second divided by those of the first; nan if the first has none.
    """

    pitch: float
    energy: float
    pace: float


def likeness(first: FloatArray, second: FloatArray) -> Likeness:
    """Compare two aligned sounds ``[n]`` at 16 kHz."""
    size = min(len(first), len(second)) // HOP
    pitches = [np.log(pitch_contour(sound)[:size]) for sound in (first, second)]
    both = np.isfinite(pitches[0]) & np.isfinite(pitches[1])
    enough = int(both.sum()) * HOP / RATE >= 0.2
    one, other = (len(syllables(sound)) / max(len(sound), 1) for sound in (first, second))
    return Likeness(
        pitch=_correlation(pitches[0][both], pitches[1][both]) if enough else float("nan"),
        energy=_correlation(loudness(first)[:size], loudness(second)[:size]),
        pace=other / one if one else float("nan"),
    )


def _correlation(one: Numbers, other: Numbers) -> float:
    if len(one) < 2 or one.std() < 1e-9 or other.std() < 1e-9:
        return float("nan")
    return float(np.corrcoef(one, other)[0, 1])
