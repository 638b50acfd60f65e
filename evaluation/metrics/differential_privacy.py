"""Is any outcome certainly likelier beside a neighbour than e to the epsilon allows? An exact test on samples.

An event happens ``a`` times in ``n`` draws of one set and ``b`` times in ``n`` draws of its neighbour. If its chance is
at most e^epsilon times larger, then, given ``a + b``, ``a`` is no larger than a binomial with the share
e^epsilon / (1 + e^epsilon): the conditional test of two rates (Przyborowski and Wilenski, 1940). Many events are looked
at, so each gets its part of the error (Bonferroni). That a ratio of samples exceeds the bound says nothing: half of all
outcomes at the bound do.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from scipy.stats import beta, binomtest


@dataclass(frozen=True, slots=True)
class Excess:
    """What samples say of the ratio.

    Attributes:
        events: that were looked at: every outcome, and every tail, on both sides.
        certain: of them, how many are certainly above the bound.
        lower: the highest lower confidence limit of a ratio.
    """

    events: int
    certain: int
    lower: float


def excess(one: Counter[int], other: Counter[int], epsilon: float, alpha: float = 0.01) -> Excess:
    """Compare two samples of equal size.

    Args:
        one: outcome -> how often, of one set.
        other: of its neighbour.
        epsilon: what the release costs.
        alpha: chance to blame a release that keeps the bound.

    Raises:
        ValueError: the samples differ in size.
    """
    if one.total() != other.total():
        raise ValueError("samples of different size")
    pairs = [pair for first, second in ((one, other), (other, one)) for pair in _events(first, second)]
    share = math.exp(epsilon) / (1 + math.exp(epsilon))
    certain, lower = 0, 0.0
    for a, b in pairs:
        certain += binomtest(a, a + b, share, alternative="greater").pvalue < alpha / len(pairs)
        low = float(beta.ppf(alpha / len(pairs), a, b + 1)) if a else 0.0  # Clopper and Pearson, 1934
        lower = max(lower, low / (1 - low))
    return Excess(len(pairs), certain, lower)


def _events(first: Counter[int], second: Counter[int]) -> list[tuple[int, int]]:
    """How often each event happened in both: single outcomes, and tails on both sides."""
    outcomes = sorted(first.keys() | second.keys())
    found = [(first[k], second[k]) for k in outcomes]
    for order in (outcomes, outcomes[::-1]):
        a = b = 0
        for k in order[:-1]:
            a, b = a + first[k], b + second[k]
            found.append((a, b))
    return [(a, b) for a, b in found if a + b]
