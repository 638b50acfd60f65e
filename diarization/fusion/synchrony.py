"""How likely a voice is a face's, by lips that move in time with it: a log-likelihood ratio.

Lips that move while others talk deceive whatever judges movement alone. The synchrony of a face's lips with the sound
(:mod:`vision.active_speaker.synchrony`) is positive on average while that person talks, and zero while anybody else
does. Its mean over a voice's turns is compared with what it is for one person and for two: normal distributions, fitted
on the development meetings, each meeting by a model that was not fitted on it
(``python -m evaluation.runs.synchrony``).

Only synchrony counts, never its absence: lips that are hard to see have little, and where sound and picture are out of
step nobody has any.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from diarization.fusion.settings import CROP_VARIANCE, LEAST_VALUES, MOST_EVIDENCE, OTHER_SPREAD, SURE_SYNCHRONY
from timeline import FaceTrack, Segment, Turn, union

OWN, OWN_SPREAD = 0.28, 0.12
"""Mean synchrony of lips with their own voice, and how much it differs between people and pictures. The spread was
measured as .02; faces that are harder to see than those of the development meetings have less.
"""


def synchrony_ratio(tracks: Sequence[FaceTrack], turns: Sequence[Turn]) -> float:
    """Natural log of the likelihood ratio that the voice with ``turns`` is the face's with ``tracks``.

    At least ``SURE_SYNCHRONY`` and at most ``MOST_EVIDENCE``; 0 if lips tell nothing.

    Moments at which somebody else may talk as well count like all others.
    """
    values = _inside(tracks, turns)
    if len(values) < LEAST_VALUES or not values.any():
        return 0.0
    mean, noise = float(values.mean()), CROP_VARIANCE / len(values)
    one = _density(mean - OWN, OWN_SPREAD**2 + noise)
    two = _density(mean, OTHER_SPREAD**2 + noise)
    return min(one - two, MOST_EVIDENCE) if one - two >= SURE_SYNCHRONY else 0.0


def _density(off: float, variance: float) -> float:
    return float(-0.5 * np.log(variance) - off**2 / (2 * variance))


def _inside(tracks: Sequence[FaceTrack], turns: Sequence[Turn]) -> npt.NDArray[np.float64]:
    edges = np.array([e for s in union([Segment(t.start, t.end) for t in turns]) for e in (s.start, s.end)], np.float64)
    some = [t for t in tracks if len(t.synchrony)]
    parts = [t.synchrony[np.searchsorted(edges, t.speaking_times, side="right") % 2 == 1] for t in some]
    return np.concatenate([np.zeros(0), *parts])
