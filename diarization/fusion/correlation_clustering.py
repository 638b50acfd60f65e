"""Correlation clustering: the likeliest grouping of voices, faces and enrolled people into persons.

Every pair has a weight, the log-odds that they belong to one person; minus infinity if they cannot (two faces on screen
together, two enrolled people). The likelihood of a grouping is the sum of the weights within its groups (Bansal, Blum &
Chawla 2004). Groupings are built item by item and the best few thousand are kept, which for a meeting are nearly all
that matter; the probability that two items are one person is a sum over them. So evidence in one place decides another,
and what could equally be otherwise comes out even.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from diarization.fusion.settings import BEAM

Weights = npt.NDArray[np.float64]


def likeliest_grouping(weights: Weights, beam: int = BEAM) -> tuple[npt.NDArray[np.int64], Weights]:
    """The likeliest grouping, and the probability of each pair to be one person.

    Args:
        weights: ``[N, N]`` symmetric log-odds; the diagonal is ignored.
        beam: number of groupings to keep.

    Returns:
        ``(labels [N], probability [N, N])``: labels number the groups of the likeliest grouping; the probability that
            two
        are one person is 0 if no chain of evidence joins them, 1 on the diagonal.
    """
    count = len(weights)
    labels, probability = np.arange(count), np.eye(count)
    positive = weights > 0
    np.fill_diagonal(positive, False)
    # Groups without positive weights between them are better apart, so components can be processed one by one.
    from scipy.sparse import csr_matrix  # slow to import
    from scipy.sparse.csgraph import connected_components

    _, parts = connected_components(csr_matrix(positive), directed=False)
    for part in np.unique(parts):
        index = np.flatnonzero(parts == part)
        if len(index) < 2:
            continue
        order = index[_order(weights[np.ix_(index, index)])]
        groups, share = _grow(weights[np.ix_(order, order)], beam)
        labels[order] = order[_first(groups[0])]
        same = groups[:, :, None] == groups[:, None, :]
        probability[np.ix_(order, order)] = np.tensordot(share, same, axes=1)
    return np.unique(labels, return_inverse=True)[1].astype(np.int64), probability


def _order(weights: Weights) -> npt.NDArray[np.int64]:
    """Order items by their strongest evidence, so that little is lost when only the best groupings are kept."""
    finite = np.where(np.isfinite(weights), weights, 0.0)
    np.fill_diagonal(finite, 0.0)
    return np.argsort(-finite.max(axis=1), kind="stable")


def _first(groups: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """For each item, the first item of its group."""
    return np.array([int(np.flatnonzero(groups == group)[0]) for group in groups], np.int64)


def _grow(weights: Weights, beam: int) -> tuple[npt.NDArray[np.int64], Weights]:
    """The best groupings ``[B, N]``, best first, and their probabilities ``[B]``."""
    count = len(weights)
    groups = np.zeros((1, count), np.int64)
    score = np.zeros(1)
    used = np.ones(1, np.int64)  # groups in each grouping
    for thing in range(1, count):
        gain = np.zeros((len(groups), int(used.max()) + 1))
        rows = np.arange(len(groups))
        for other in range(thing):
            gain[rows, groups[:, other]] += weights[thing, other]
        gain[np.arange(gain.shape[1]) > used[:, None]] = -np.inf  # one new group is enough
        total = (score[:, None] + gain).ravel()
        best = np.argsort(-total, kind="stable")[:beam]
        best = best[np.isfinite(total[best])]
        at, into = np.divmod(best, gain.shape[1])
        groups = groups[at]
        groups[:, thing] = into
        score, used = total[best], np.maximum(used[at], into + 1)
    share = np.exp(score - score.max())
    return groups, share / share.sum()
