"""Open-set recognition: false accepts and rejects of comparisons, and the threshold that keeps the accepts few."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import genpareto

from evaluation.metrics.intervals import wilson

GRID = np.round(np.arange(0.10, 0.705, 0.01), 2)
COST = 1000.0
"""How many masked tracks of somebody who agreed weigh as much as one stranger's track that is shown."""
TAIL, FEWEST = 0.02, 20
"""Share of the comparisons with strangers, the highest, by which rarer ones are estimated; how many there must be."""
REFUSED = -1.0
"""Score of a comparison that other rules refuse at every threshold."""
FREE = 0.01
"""Share of FRR that a stricter threshold may cost."""


@dataclass(frozen=True, slots=True, eq=False)
class Trials:
    """``scores [N]``: the highest threshold at which a comparison is accepted (:data:`REFUSED`: other rules refuse it).

    ``pairs [N]``: the two people.
    """

    scores: npt.NDArray[np.float64]
    pairs: npt.NDArray[np.str_]

    def far(self, threshold: float) -> dict[str, Any]:
        """How many are accepted."""
        wrong = self.scores >= threshold
        low, high = wilson(int(wrong.sum()), len(wrong))
        return {
            "wrong": int(wrong.sum()),
            "of": len(wrong),
            "low": low,
            "high": high,
            "pairs_wrong": len(set(self.pairs[wrong])),
            "pairs": len(set(self.pairs)),
        }

    def frr(self, threshold: float) -> dict[str, Any]:
        """How many are refused."""
        wrong = int((self.scores < threshold).sum())
        low, high = wilson(wrong, len(self.scores))
        return {"wrong": wrong, "of": len(self.scores), "low": low, "high": high}


def choose_threshold(strange: Trials, own: Trials, far: float) -> float:
    """The highest threshold that costs at most :data:`FREE` of FRR, of those whose FAR stays under ``far``.

    The upper end of the interval of FAR counts. Raises SystemExit if no threshold is that safe.
    """
    safe = [float(t) for t in GRID if strange.far(t)["high"] <= far]
    if not safe:
        raise SystemExit(f"no threshold holds the false-accept rate to {far}: there are too few comparisons")
    least = own.frr(safe[0])["wrong"] / len(own.scores)
    return max(t for t in safe if own.frr(t)["wrong"] / len(own.scores) <= least + FREE)


def beyond(scores: npt.NDArray[np.float64], threshold: float) -> float:
    """Probability of a score from ``threshold`` on, also where no score of ``scores [N]`` reaches it.

    The highest scores are described by a generalised Pareto distribution, as excesses over a high level are for nearly
    every distribution (Pickands 1975). Its shape is not taken below 0: a tail that seems to end just beyond the last
    score is not trusted to end there. NaN if other rules refuse so many comparisons that no tail is left.
    """
    highest = np.sort(scores[scores > REFUSED])[-max(FEWEST, round(TAIL * len(scores))) :]
    if len(highest) < FEWEST:
        return float("nan")
    level = float(highest[0])
    if threshold <= level:
        return float((scores >= threshold).mean())
    excess = highest[1:] - level
    if not excess.any():
        return 0.0
    shape, _, scale = genpareto.fit(excess[excess > 0], floc=0.0)
    if shape < 0:
        shape, scale = 0.0, float(excess.mean())
    return float(len(highest) / len(scores) * genpareto.sf(threshold - level, shape, scale=scale))


def least_costly(strange: Trials, own: Trials, cost: float = COST) -> float:
    """The threshold with the least expected cost, if a track is as often a stranger's as an enrolled person's.

    A stranger shown costs ``cost`` times as much as somebody enrolled masked. NaN as for :func:`beyond`.
    """
    if np.isnan(beyond(strange.scores, float(GRID[-1]))):
        return float("nan")
    costs = [cost * beyond(strange.scores, float(t)) + float((own.scores < t).mean()) for t in GRID]
    return float(GRID[int(np.argmin(costs))])
