"""Clustering pieces of speech: how many speakers there are, and which piece belongs to whom.

Two kinds of evidence are combined. *Voice*: the cosine of embeddings, weighted by length, for any two pieces.
*Segmentation*: for pieces within ten seconds of each other, whether the windows that contain both assigned them to one
local speaker. The latter is one-sided: the segmentation model rarely splits one person in two, but easily takes two
similar voices (or an edit without a pause) for one. So its disagreement counts against joining, while its agreement
hardly counts. Merged groups are compared by the cosine of their summed embeddings, in which noise averages out; the
threshold rises with the groups' length accordingly. The level is learnt from each recording (``calibration``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix, csr_matrix

from diarization.clustering.embedded_windows import Scan
from diarization.clustering.settings import AGAINST, FRAMES, HALF_NOISE, HEARD_TOGETHER, PRIOR
from timeline import FloatArray

BLOCK = 1200
"""Groups compared at once; longer recordings are first clustered in blocks, into groups that are surely one person."""

Labels = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Agreement:
    """What the windows say about pairs of pieces.

    Attributes:
        same: sparse ``[N, N]``: windows that contain both and assigned them to one local speaker (soft count).
        heard: sparse ``[N, N]``: windows that contain both.
    """

    same: csr_matrix
    heard: csr_matrix

    def between(self, groups: csr_matrix) -> tuple[FloatArray, FloatArray]:
        """``same`` and ``heard`` summed between groups, ``[G, G]`` each with zero diagonals (membership ``[N, G]``)."""
        out: list[FloatArray] = []
        for evidence in (self.same, self.heard):
            dense = np.asarray((groups.T @ evidence @ groups).todense(), np.float32)
            np.fill_diagonal(dense, 0.0)
            out.append(dense)
        return out[0], out[1]


def agreement(scan: Scan) -> Agreement:
    """Compare pieces that share windows by the windows' local speakers. Overlapped pieces are ignored."""
    count = len(scan.spans)
    single = np.flatnonzero(~scan.double)
    starts, ends = scan.spans[single, 0], scan.spans[single, 1]
    rows: list[npt.NDArray[np.int64]] = []
    columns: list[npt.NDArray[np.int64]] = []
    same: list[FloatArray] = []
    heard: list[FloatArray] = []
    for index, window in enumerate(scan.windows):
        at = index * scan.step
        among = np.flatnonzero((ends > at) & (starts < at + FRAMES))
        a, b = np.clip(starts[among] - at, 0, FRAMES), np.clip(ends[among] - at, 0, FRAMES)
        whole = b - a >= np.maximum(5, (ends[among] - starts[among]) / 2)
        among, a, b = among[whole], a[whole], b[whole]
        if len(among) < 2:
            continue
        sums = np.concatenate([np.zeros((1, window.shape[1])), np.cumsum(window / 255.0, axis=0)])
        activity = (sums[b] - sums[a]) / (b - a)[:, None]
        unit = activity / np.maximum(np.linalg.norm(activity, axis=1, keepdims=True), 1e-6)
        present = np.minimum(activity.sum(1), 1.0)
        both = np.outer(present, present)
        np.fill_diagonal(both, 0.0)
        i, j = np.nonzero(both > HEARD_TOGETHER)
        rows.append(single[among][i])
        columns.append(single[among][j])
        heard.append(both[i, j].astype(np.float32))
        same.append((both * (unit @ unit.T))[i, j].astype(np.float32))

    def matrix(values: list[FloatArray]) -> csr_matrix:
        if not values:
            return csr_matrix((count, count), dtype=np.float32)
        data = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
        return coo_matrix(data, shape=(count, count)).tocsr()

    return Agreement(matrix(same), matrix(heard))


def membership(labels: Labels) -> csr_matrix:
    """Sparse ``[N, G]``: 1 where piece n is in group g; pieces labelled -1 are in none."""
    known = np.flatnonzero(labels >= 0)
    data = (np.ones(len(known), np.float32), (known, labels[known]))
    return coo_matrix(data, shape=(len(labels), int(labels.max(initial=-1)) + 1)).tocsr()


def _compact(labels: Labels) -> Labels:
    """Renumber the groups 0.. in order of first appearance; -1 stays."""
    out = np.full_like(labels, -1)
    found: dict[int, int] = {}
    for i, label in enumerate(labels.tolist()):
        if label >= 0:
            out[i] = found.setdefault(label, len(found))
    return out


def trust(frames: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Share 0..1 of the speaker, as opposed to noise, in the unit embedding of this much speech (frames, any shape)."""
    return np.asarray(np.sqrt(frames / (frames + HALF_NOISE)), np.float64)


def likeness(
    sums: npt.NDArray[Any],
    same: npt.NDArray[Any],
    heard: npt.NDArray[Any],
    rows: npt.NDArray[np.int64] | None = None,
) -> npt.NDArray[np.float64]:
    """Similarity of groups: the cosine of their voices, minus the windows' evidence against it; -inf on the diagonal.

    Arguments as in :class:`GroupsToJoin`; ``rows [R]``: which groups (default all). Returns ``[R, G]``.
    """
    rows = np.arange(len(sums)) if rows is None else rows
    unit = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
    against = np.maximum(0.0, 0.5 - (same[rows] + PRIOR / 2) / (heard[rows] + PRIOR))
    out = np.asarray(unit[rows] @ unit.T - AGAINST * against, np.float64)
    out[np.arange(len(rows)), rows] = -np.inf
    return out


def blended(
    sums: FloatArray, frames: FloatArray, among: npt.NDArray[np.int64], threshold: float
) -> npt.NDArray[np.bool_]:
    """Which groups are similar enough to one or two larger groups together to be a blend of them.

    A piece across a change of speaker contains some of both voices. The similarity of a group to two others is its
    cosine to the nearest sum of their voices with non-negative weights.

    Args:
        sums, frames, threshold: as for :func:`join`.
        among: the groups that count as larger ones.

    Returns:
        ``[G]``.
    """
    unit = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
    cosine = np.asarray(unit @ unit.T, np.float64)
    out = np.zeros(len(sums), np.bool_)
    for group in range(len(sums)):
        large = among[(among != group) & (frames[among] > frames[group])]
        a = np.maximum(cosine[group, large], 0.0)
        best = float(a.max(initial=0.0))
        if len(large) > 1:
            between = np.clip(cosine[np.ix_(large, large)], -1.0, 1.0 - 1e-6)
            # proportional to either's weight, so only the sign matters
            one, other = a[:, None] - between * a, a - between * a[:, None]
            square = (a[:, None] * one + a * other) / (1 - between**2)
            both = (one > 0) & (other > 0) & ~np.eye(len(large), dtype=np.bool_)
            best = max(best, float(np.sqrt(np.where(both, square, 0.0).max())))
        out[group] = best >= threshold * trust(frames[group : group + 1])[0]
    return out


@dataclass(frozen=True, slots=True)
class GroupsToJoin:
    """Groups of subsegments that may be joined.

    Attributes:
        sums: ``[G, D]`` summed, length-weighted embeddings.
        same, heard: ``[G, G]`` symmetric, as in :class:`Agreement`, with zero diagonals.
        frames: ``[G]`` speech behind each sum.
    """

    sums: npt.NDArray[Any]
    same: npt.NDArray[Any]
    heard: npt.NDArray[Any]
    frames: npt.NDArray[Any]


def join(groups: GroupsToJoin, threshold: float, at_least: int = 1, at_most: int | None = None) -> Labels:
    """Join groups bottom-up, always the pair that exceeds its threshold most, until no pair exceeds it.

    A short group's embedding is partly noise, so its cosine even to its own speaker is lower: the threshold decreases
    with the groups' :func:`trust`.

    Args:
        groups: what is joined; not modified.
        threshold: similarity from which two long groups are joined.
        at_least: stop at this number of groups although they are similar.
        at_most: continue down to this number of groups although they are not similar.

    Returns:
        ``[G]`` labels 0.. in order of first appearance.
    """
    parts = (groups.sums, groups.same, groups.heard, groups.frames)
    sums, same, heard, frames = (part.astype(np.float64) for part in parts)
    count = len(sums)
    labels = np.arange(count)
    alive = np.ones(count, np.bool_)

    def alike(rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        out = likeness(sums, same, heard, rows) - threshold * np.outer(trust(frames[rows]), trust(frames))
        out[:, ~alive] = -np.inf
        return out

    table = alike(np.arange(count))
    while alive.sum() > at_least:
        i, j = (int(v) for v in np.unravel_index(int(table.argmax()), table.shape))
        i, j = min(i, j), max(i, j)
        if table[i, j] < 0 and (at_most is None or alive.sum() <= at_most):
            break
        if not np.isfinite(table[i, j]):
            break
        sums[i] += sums[j]
        frames[i] += frames[j]
        for evidence in (same, heard):
            evidence[i] += evidence[j]
            evidence[:, i] += evidence[:, j]
            evidence[i, i] = 0.0
        alive[j] = False
        labels[labels == j] = i
        table[j], table[:, j] = -np.inf, -np.inf
        row = alike(np.array([i]))[0]
        table[i], table[:, i] = row, row
    return _compact(labels)
