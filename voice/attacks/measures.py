"""How well scores separate pairs of one speaker from pairs of two: error rates, their trade-off, and linkability.

A higher score means that a pair is likelier to be one speaker. Only the order of scores counts, except in
:func:`linkability`, which uses their distribution.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
LEVEL = 0.95
"""Confidence level of intervals."""
ROUNDS = 1000
"""Bootstrap resamples."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A value and its 95 % confidence interval."""

    value: float
    low: float
    high: float


def error_rates(scores: Numbers, same: Flags, weights: Numbers | None = None) -> tuple[Numbers, Numbers]:
    """Miss and false alarm rates ``[K]`` at every threshold, from above all scores to below all of them.

    Args:
        scores: ``[N]``.
        same: ``[N]``, whether a pair is of one speaker.
        weights: ``[N]``, how often each pair counts; default once.
    """
    order = np.argsort(-scores, kind="stable")
    weight = np.ones(len(scores)) if weights is None else weights[order]
    own, other = weight * same[order], weight * ~same[order]
    # A threshold cannot separate equal scores.
    steps = np.flatnonzero(np.diff(scores[order], append=-np.inf))
    misses = 1 - np.concatenate([[0.0], np.cumsum(own)[steps]]) / max(float(own.sum()), 1e-12)
    alarms = np.concatenate([[0.0], np.cumsum(other)[steps]]) / max(float(other.sum()), 1e-12)
    return misses, alarms


def eer(scores: Numbers, same: Flags, weights: Numbers | None = None) -> float:
    """Equal error rate, 0..1.

    At its threshold, the share of pairs of two speakers above equals the share of pairs of one speaker below.
    """
    misses, alarms = error_rates(scores, same, weights)
    at = int(np.argmin(np.abs(misses - alarms)))
    return float((misses[at] + alarms[at]) / 2)


def tpr_at(scores: Numbers, same: Flags, alarms: float = 0.01) -> float:
    """Share of the one-speaker pairs that are found while at most a share ``alarms`` of the others are, too."""
    missed, raised = error_rates(scores, same)
    return float(1.0 - missed[raised <= alarms + 1e-12].min())


def det(scores: Numbers, same: Flags, points: int = 200) -> list[tuple[float, float]]:
    """The detection error trade-off (Martin et al., 1997): at most ``points`` pairs ``(false alarms, misses)``."""
    misses, alarms = error_rates(scores, same)
    keep = np.unique(np.linspace(0, len(misses) - 1, min(points, len(misses))).astype(int))
    return [(float(alarms[i]), float(misses[i])) for i in keep]


def linkability(own: Numbers, other: Numbers, bins: int | None = None) -> float:
    """Global linkability ``D_sys``, 0 (never) to 1 (always), for equal priors.

    Gomez-Barrero et al.: "General Framework to Evaluate Unlinkability in Biometric Template Protection Systems" (IEEE
    TIFS 2018), from histograms: scores link where their likelihood ratio favours pairs of one speaker.

    Args:
        own: ``[N]``, scores of pairs of one speaker.
        other: ``[M]``, scores of pairs of two speakers.
        bins: number of histogram bins; default one for every ten scores in ``own``, 2 to 100.
    """
    if not len(own) or not len(other):
        return 0.0
    low, high = min(own.min(), other.min()), max(own.max(), other.max())
    if high <= low:
        return 0.0
    edges = np.linspace(low, high, 1 + (bins or int(np.clip(len(own) // 10, 2, 100))))
    mated, apart = (np.histogram(each, edges)[0] / len(each) for each in (own, other))
    ratio = np.divide(mated, apart, out=np.full(len(mated), np.inf), where=apart > 0)
    # 2 * LR / (1 + LR) - 1, where LR > 1; an infinite ratio links with certainty.
    local = np.where(
        np.isinf(ratio), 1.0, np.clip(2.0 * ratio / (1.0 + np.where(np.isinf(ratio), 0.0, ratio)) - 1, 0, 1)
    )
    return float((local * mated).sum())


def bootstrap_eer(
    scores: Numbers, own: npt.NDArray[np.int64], claimed: npt.NDArray[np.int64], rounds: int = ROUNDS, seed: int = 0
) -> Interval:
    """The equal error rate and its interval, resampling speakers: pairs of one speaker are not independent.

    Args:
        scores: ``[N]``.
        own: ``[N]``, the number of the speaker who speaks.
        claimed: ``[N]``, the number of the speaker they are compared with.
        rounds: number of resamples.
        seed: of the random numbers.
    """
    same = own == claimed
    value = eer(scores, same)
    speakers = np.unique(np.concatenate([own, claimed]))
    if len(speakers) < 3:
        return Interval(value, 0.0, 1.0)
    order = np.argsort(-scores, kind="stable")
    scores, own, claimed, same = scores[order], own[order], claimed[order], same[order]
    random = np.random.default_rng(seed)
    drawn: list[float] = []
    for _ in range(rounds):
        count = np.bincount(random.choice(speakers, len(speakers)), minlength=int(speakers.max()) + 1)
        weight = np.where(same, count[own], count[own] * count[claimed]).astype(np.float64)
        if weight[same].any() and weight[~same].any():
            drawn.append(eer(scores, same, weight))
    low, high = np.quantile(drawn, ((1 - LEVEL) / 2, (1 + LEVEL) / 2)) if drawn else (0.0, 1.0)
    return Interval(value, float(low), float(high))
