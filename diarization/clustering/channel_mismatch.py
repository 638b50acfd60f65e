"""Joining two groups that are one person, recorded with different microphones or in different rooms.

When the sound changes within a recording, the segmentation model assigns it to another local speaker, so its
disagreement keeps the two groups apart however similar the voices are. If the voices of two groups, compared like takes
from different rooms, leave no doubt, they are joined all the same.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from diarization.clustering.agglomerative import Labels
from diarization.clustering.segmentation import HOP, SAMPLE_RATE
from diarization.clustering.settings import SURE_ONE_PERSON
from diarization.likelihood import VoiceLikelihood
from timeline import FloatArray


def join_across_rooms(sums: FloatArray, frames: FloatArray, same: VoiceLikelihood, apart: float, least: int) -> Labels:
    """Join groups that are the same person.

    Args:
        sums: summed embeddings ``[G, D]``.
        frames: of clean speech behind each, ``[G]``.
        same: the likelihood of the voiceprint model.
        apart: cosine of two people in this recording.
        least: smallest number of groups to keep.

    Returns:
        labels ``[G]`` 0.., in order of first appearance.
    """
    total, length = sums.astype(np.float64), frames.astype(np.float64)
    labels = np.arange(len(sums))
    while len(np.unique(labels)) > max(1, least):
        table = _ratios(total, length, same, apart)
        i, j = sorted(int(k) for k in np.unravel_index(int(table.argmax()), table.shape))
        if not table[i, j] >= SURE_ONE_PERSON:
            break
        total[i], length[i] = total[i] + total[j], length[i] + length[j]
        total[j], length[j] = 0.0, 0.0
        labels[labels == j] = i
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)


def _ratios(
    sums: npt.NDArray[np.float64], frames: npt.NDArray[np.float64], same: VoiceLikelihood, apart: float
) -> npt.NDArray[np.float64]:
    unit = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
    cosine, seconds = unit @ unit.T, frames * (HOP / SAMPLE_RATE)
    table = np.full(cosine.shape, -np.inf)
    for i, j in zip(*np.triu_indices(len(sums), 1), strict=True):
        if seconds[i] > 0 and seconds[j] > 0:
            table[i, j] = same(float(cosine[i, j]), float(seconds[i]), float(seconds[j]), apart)
    return table
