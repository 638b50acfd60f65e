"""Making the speaking scores of several faces comparable: usually, one voice has one mouth.

A scorer looks at one face at a time and favours any mouth that moves while there is sound. The actual speaker fits
better than the others on screen, so a face's score is reduced by the score of its strongest rival. People may still
talk at once: only a share is subtracted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from timeline import FaceTrack
from vision.active_speaker.base import logit
from vision.active_speaker.face_crops import CROP_RATE
from vision.active_speaker.settings import EVEN, IN_TIME
from vision.settings import SpeakerSettings

Scores = npt.NDArray[np.float64]
_NONE = -9.0
"""Log odds if there is no other face."""


def normalise_scores(tracks: Sequence[FaceTrack], settings: SpeakerSettings) -> list[FaceTrack]:
    """The tracks with their speaking scores smoothed, reduced by those of rivals, and calibrated.

    Memory: two numbers per tick of the recording, and one per score.
    """
    ticks = [np.round(track.speaking_times * CROP_RATE).astype(np.int64) for track in tracks]
    levels = [_level(track, tick, settings) for track, tick in zip(tracks, ticks, strict=True)]
    length = 1 + max((int(tick[-1]) for tick in ticks if len(tick)), default=0)
    best, second = np.full(length, _NONE), np.full(length, _NONE)  # the two highest levels at each tick
    for tick, level in zip(ticks, levels, strict=True):
        second[tick] = np.maximum(second[tick], np.minimum(level, best[tick]))
        best[tick] = np.maximum(best[tick], level)
    out = []
    for track, tick, level in zip(tracks, ticks, levels, strict=True):
        if len(tick):
            rival = np.where(level >= best[tick], second[tick], best[tick])
            value = level - settings.rival * np.maximum(rival - settings.quiet, 0.0)
            value = settings.slope * (value - settings.bias)
            track = replace(track, speaking=1.0 / (1.0 + np.exp(-value)))
        out.append(track)
    return out


def _level(track: FaceTrack, ticks: npt.NDArray[np.int64], settings: SpeakerSettings) -> Scores:
    level = smoothed(logit(track.speaking), ticks, settings.smooth)
    if not track.synchrony.any():  # not measured
        return level
    return level + settings.synchrony * (smoothed(track.synchrony, ticks, IN_TIME) - EVEN)


def smoothed(values: Scores, ticks: npt.NDArray[np.int64], seconds: float) -> Scores:
    """``values`` ``[M]`` smoothed with a Gaussian of this standard deviation (s), never across a gap.

    ``ticks`` ``[M]``: their times, at ``CROP_RATE`` per second.
    """
    from scipy.ndimage import gaussian_filter1d  # slow to import

    out = values.copy()
    for run in np.split(np.arange(len(ticks)), np.flatnonzero(np.diff(ticks) != 1) + 1):
        if len(run):
            out[run] = gaussian_filter1d(values[run], seconds * CROP_RATE, mode="nearest")
    return out
