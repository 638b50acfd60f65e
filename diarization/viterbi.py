"""Where one speaker takes over from another, if the voices alone do not tell.

A piece that holds the end of one turn and the beginning of the next resembles both speakers, and so do the windows'
local
speakers there: frame by frame, the likelier one flickers, or leads by a hair long before the change. But a change of
speaker can be heard: as a change, as two voices for a moment, or as a pause. So the speakers of a stretch of speech are
the best path through their scores (Viterbi), on which a change costs less the more clearly it is heard.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from timeline import FloatArray

RATE = 0.3
"""Independent frames per frame: neighbours share their pieces and windows."""
_LEAST = 0.05
"""Added to the scores, so that nobody is impossible."""
_UNHEARD = 0.02
"""Probability of a change where none is heard."""


def path(score: FloatArray, heard: FloatArray, speech: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Whose turn it is, frame by frame.

    Args:
        score: ``[T, K]`` how strongly each speaker is present in each frame, >= 0.
        heard: ``[T, 3]`` probabilities of speech, of two voices and of a change.
        speech: ``[T]`` where somebody talks; a pause resets the path.

    Returns:
        ``[T]`` speakers; 0 where nobody talks.
    """
    gains = RATE * np.log(score + _LEAST)
    change = np.maximum(heard[:, 1:].max(axis=1), 1 - heard[:, 0])
    cost = -np.log(np.clip(change, _UNHEARD, 1.0))
    out = np.zeros(len(score), np.int64)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], speech.astype(np.int8), [0]])))
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        out[start:end] = best_path(gains[start:end], cost[start:end])
    return out


def best_path(gains: npt.NDArray[Any], cost: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """``[T]`` the best speakers for ``gains [T, K]`` if a change to frame t costs ``cost[t]`` >= 0."""
    here = np.arange(gains.shape[1])
    total, came = gains[0], np.zeros(gains.shape, np.int16)
    for t in range(1, len(gains)):
        best = int(total.argmax())
        other = total[best] - cost[t]
        came[t] = np.where(total >= other, here, best)
        total = np.maximum(total, other) + gains[t]
    out = np.zeros(len(gains), np.int64)
    out[-1] = int(total.argmax())
    for t in range(len(gains) - 1, 0, -1):
        out[t - 1] = came[t, out[t]]
    return out
