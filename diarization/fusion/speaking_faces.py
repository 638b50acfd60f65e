"""Which face speaks, by lips and voices together.

Lips alone say little where listeners move theirs or faces are small. Once it is known whose voice is whose, the turns
say much more. So the log-odds of the lips count for a part, and the turns of the face's person for the rest. On the
composed meetings, the AUC rises from .40 .. 1.00 to .97 .. 1.00, and F1 from .22 .. .99 to .91 .. 1.00 (``python -m
evaluation.bench``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from diarization.fusion.settings import LIPS_SHARE, SILENT_FACE, VOICE_MOST, VOICELESS_FACE
from timeline import FaceTrack, Turn

_LEAST = 0.02
"""Probability beyond which scores of lips say no more."""


def score_speaking_faces(
    tracks: Sequence[FaceTrack], turns: Sequence[Turn], track_person: Mapping[str, str]
) -> list[FaceTrack]:
    """``tracks`` with the probability that each face speaks, given its lips and who talks.

    Args:
        tracks: with the speaking scores of their lips.
        turns: of all people.
        track_person: track id -> person of ``turns``; a track without one has no voice.
    """
    spoken: dict[str, list[Turn]] = {}
    for turn in turns:
        spoken.setdefault(turn.person, []).append(turn)
    return [_speaking(track, spoken.get(track_person.get(track.id, ""), [])) for track in tracks]


def _speaking(track: FaceTrack, turns: Sequence[Turn]) -> FaceTrack:
    times = track.speaking_times
    odds = LIPS_SHARE * _log_odds(track.speaking) + (_by_turns(times, turns) if turns else VOICELESS_FACE)
    return track.with_speaking(times, 1 / (1 + np.exp(-odds)), track.synchrony)


def _by_turns(times: npt.NDArray[np.float64], turns: Sequence[Turn]) -> npt.NDArray[np.float64]:
    """Log-odds ``[M]`` that somebody with ``turns`` speaks at ``times`` ``[M]`` (s)."""
    out = np.full(len(times), SILENT_FACE)
    for turn in turns:
        inside = (times >= turn.start) & (times < turn.end)
        sure = float(np.clip(_log_odds(np.array([turn.confidence]))[0], -VOICE_MOST, VOICE_MOST))
        out[inside] = np.maximum(out[inside], sure)
    return out


def _log_odds(probability: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    inside = np.clip(probability, _LEAST, 1 - _LEAST)
    return np.asarray(np.log(inside / (1 - inside)), np.float64)
