"""Open-set recognition: false accepts and rejects of comparisons, and the threshold that keeps the accepts few."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from evaluation.metrics.intervals import wilson

GRID = np.round(np.arange(0.10, 0.705, 0.01), 2)
FREE = 0.01
"""Share of FRR that a stricter threshold may cost."""


@dataclass(frozen=True, slots=True, eq=False)
class Trials:
    """``scores [N]``: the highest threshold at which a comparison is accepted (-1: other rules refuse it).

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
