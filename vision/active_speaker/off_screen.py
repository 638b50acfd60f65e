"""Speech of somebody who is not on screen: there is a voice, and no face that can be seen goes with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from timeline import Segment
from vision.active_speaker.face_crops import CROP_RATE

Series = npt.NDArray[np.float64]


def off_screen(faces: Iterable[tuple[Series, Series]], voice: Sequence[Segment]) -> tuple[Series, Series]:
    """How likely it is that none of the visible faces speaks, at each instant at which there is a voice.

    Args:
        faces: of each, the times ``[N]`` (s) at which it is scored and its probabilities ``[N]`` of speaking.
        voice: when somebody speaks, from whatever hears that.

    Returns:
        Times ``[M]`` (s, ``CROP_RATE`` a second, within ``voice``) and probabilities ``[M]``: the product over all
        faces that are scored then of not being the one; 1 where none is.
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
    """Where a voice is more likely than ``least`` nobody's on screen, for ``shortest`` seconds or longer."""
    times, probability = off_screen(faces, voice)
    if not len(times):
        return []
    likely = probability > least
    ends = np.flatnonzero((np.diff(times) > 1.5 / CROP_RATE) | (likely[1:] != likely[:-1])) + 1
    out = []
    for part in np.split(np.arange(len(times)), ends):
        if likely[part[0]] and len(part) >= shortest * CROP_RATE:
            out.append(Segment(float(times[part[0]]), float(times[part[-1]]) + 1.0 / CROP_RATE))
    return out
