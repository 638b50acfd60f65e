"""Off-screen speech: there is a voice, but no visible face matches it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from timeline import Segment
from vision.active_speaker.face_crops import CROP_RATE
from vision.active_speaker.settings import GAP_CROPS

Series = npt.NDArray[np.float64]


def off_screen(faces: Iterable[tuple[Series, Series]], voice: Sequence[Segment]) -> tuple[Series, Series]:
    """The probability that none of the visible faces speaks, at every instant with a voice.

    Args:
        faces: for each, the times ``[N]`` (s) at which it is scored and its probabilities ``[N]`` of speaking.
        voice: when somebody speaks, according to the sound.

    Returns:
        Times ``[M]`` (s, at ``CROP_RATE`` per second, within ``voice``) and probabilities ``[M]``: the product, over
            the
        faces scored at that time, of the probability that each is silent; 1 if there is none.
    """
    ticks = [np.arange(np.ceil(s.start * CROP_RATE), np.ceil(s.end * CROP_RATE)) for s in voice]
    heard = np.unique(np.concatenate(ticks)).astype(np.int64) if ticks else np.zeros(0, np.int64)
    quiet = np.ones(int(heard[-1]) + 1 if len(heard) else 0)
    for scored, speaking in faces:
        when = np.round(scored * CROP_RATE).astype(np.int64)
        inside = when < len(quiet)
        quiet[when[inside]] *= 1.0 - speaking[inside]
    return heard / CROP_RATE, quiet[heard]


def off_screen_speech(
    faces: Iterable[tuple[Series, Series]], voice: Sequence[Segment], least: float = 0.5, shortest: float = 0.5
) -> list[Segment]:
    """Spans of at least ``shortest`` s in which a voice is off screen with a probability above ``least``."""
    times, probability = off_screen(faces, voice)
    if not len(times):
        return []
    likely = probability > least
    ends = np.flatnonzero((np.diff(times) > GAP_CROPS / CROP_RATE) | (likely[1:] != likely[:-1])) + 1
    out = []
    for part in np.split(np.arange(len(times)), ends):
        if likely[part[0]] and len(part) >= shortest * CROP_RATE:
            out.append(Segment(float(times[part[0]]), float(times[part[-1]]) + 1.0 / CROP_RATE))
    return out
