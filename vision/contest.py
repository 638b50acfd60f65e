"""Speaking scores of several faces made comparable: one voice has one mouth, mostly.

A scorer looks at one face at a time and likes any mouth that moves while there is sound. Whoever is really heard fits
better than the
others on screen, so a face loses by how much another one is taken to be speaking. People may still talk at once: the
loss is only a part.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.ndimage import uniform_filter1d

from timeline import FaceTrack
from vision.crops import CROP_RATE
from vision.settings import SpeakerSettings
from vision.speaker import logit

Scores = npt.NDArray[np.float64]


def contest(tracks: Sequence[FaceTrack], settings: SpeakerSettings) -> list[FaceTrack]:
    """The tracks with their speaking scores smoothed, weighed against each other and calibrated."""
    ticks = [np.round(track.speaking_times * CROP_RATE).astype(np.int64) for track in tracks]
    smooth = max(1, round(settings.smooth * CROP_RATE))
    levels = [
        uniform_filter1d(logit(track.speaking), smooth, mode="nearest") if len(track.speaking) else np.zeros(0)
        for track in tracks
    ]
    length = 1 + max((int(tick[-1]) for tick in ticks if len(tick)), default=0)
    best, second = np.full(length, -9.0), np.full(length, -9.0)  # two highest levels at each tick; memory as the boxes
    for tick, level in zip(ticks, levels, strict=True):
        second[tick] = np.maximum(second[tick], np.minimum(level, best[tick]))
        best[tick] = np.maximum(best[tick], level)
    out = []
    for track, tick, level in zip(tracks, ticks, levels, strict=True):
        if len(tick):
            rival = np.where(level >= best[tick], second[tick], best[tick])
            value = level - settings.rival * np.maximum(rival - settings.quiet, 0.0)
            value = settings.slope * (value - settings.bias)
            track = track.with_speaking(track.speaking_times, 1.0 / (1.0 + np.exp(-value)))
        out.append(track)
    return out
