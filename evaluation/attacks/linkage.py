"""The informed attacker: learns from labelled exports of everybody, then says who speaks in others.

Each turn is a row of numbers. Three attackers learn on half of the sentences and guess on the other half, then the
halves are swapped: linear discriminants with shrunk covariance, the frequencies of each whole row, and the nearest
neighbours. Each is tried on the rows as they are, and on what is left of them without the mean of everybody who said
the same sentence, since the text is known. Of several turns of one speaker the scores are added. The strongest counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from evaluation.metrics.intervals import wilson

Rows = npt.NDArray[np.float64]
NEIGHBOURS = 5
TIE = 1e-9


@dataclass(frozen=True, slots=True)
class Linked:
    """How often the right speaker came first.

    Attributes:
        hits: of the strongest attacker; a tie of ``k`` speakers counts ``1 / k``.
        trials: guesses.
        speakers: among whom.
        attacker: the strongest.
    """

    hits: float
    trials: int
    speakers: int
    attacker: str

    @property
    def rank1(self) -> float:
        """Share of right guesses."""
        return self.hits / max(self.trials, 1)

    @property
    def upper(self) -> float:
        """Upper end of its 95 % interval (Wilson)."""
        return wilson(self.hits, self.trials)[1]

    @property
    def chance(self) -> float:
        """Share of right guesses without any knowledge."""
        return 1 / self.speakers


def linked(rows: Rows, speakers: Sequence[str], numbers: Sequence[int], turns: int) -> Linked:
    """Attack.

    Args:
        rows: ``[T, D]``, what the export tells of each turn.
        speakers: ``[T]``, who speaks.
        numbers: ``[T]``, the sentence; no sentence is learned from and attacked at once.
        turns: how many turns of a speaker are attacked together.
    """
    who, number = np.array(speakers), np.array(numbers)
    order = np.random.default_rng(0).permutation(np.unique(number))
    halves = [np.isin(number, order[::2]), np.isin(number, order[1::2])]
    hits: dict[str, float] = {}
    trials = 0
    for known, attacked in (halves, halves[::-1]):
        for text, given in (("", rows), (", text known", _without_text(rows, number))):
            mean, spread = given[known].mean(axis=0), given[known].std(axis=0)
            scaled = np.where(spread > TIE, np.clip((given - mean) / np.maximum(spread, TIE), -10, 10), 0.0)
            for name, attacker in ATTACKERS.items():
                scores, names = attacker(scaled[known], who[known], scaled[attacked])
                found, tried = _guess(scores, names, who[attacked], number[attacked], turns)
                hits[name + text] = hits.get(name + text, 0.0) + found
        trials += tried
    best = max(hits, key=lambda name: hits[name])
    return Linked(hits[best], trials, len(np.unique(who)), best)


def _without_text(rows: Rows, number: npt.NDArray[np.int64]) -> Rows:
    """Rows less the mean of all rows of the same sentence."""
    _, place, count = np.unique(number, return_inverse=True, return_counts=True)
    sums = np.zeros((len(count), rows.shape[1]))
    np.add.at(sums, place, rows)
    return np.asarray(rows - (sums / count[:, None])[place])


def _guess(
    scores: Rows, names: npt.NDArray[np.str_], who: npt.NDArray[np.str_], number: npt.NDArray[np.int64], turns: int
) -> tuple[float, int]:
    """Hits and trials; of each speaker, consecutive groups of turns are tried, in the same order for everybody."""
    hits, trials = 0.0, 0
    for place, name in enumerate(names):
        own = np.flatnonzero(who == name)
        own = own[np.argsort(number[own], kind="stable")]
        for first in range(0, len(own) - turns + 1, turns):
            total = scores[own[first : first + turns]].sum(axis=0)
            best = np.flatnonzero(total >= total.max() - TIE)
            hits += (place in best) / len(best)
            trials += 1
    return hits, trials


def _discriminants(known: Rows, who: npt.NDArray[np.str_], attacked: Rows) -> tuple[Rows, npt.NDArray[np.str_]]:
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")
    model.fit(known + np.random.default_rng(1).normal(0, 1e-6, known.shape), who)
    return np.asarray(model.decision_function(attacked)).reshape(len(attacked), -1), model.classes_


def _frequencies(known: Rows, who: npt.NDArray[np.str_], attacked: Rows) -> tuple[Rows, npt.NDArray[np.str_]]:
    """Naive Bayes on whole rows, rounded to halves of a standard deviation."""
    names = np.unique(who)
    kinds: dict[Any, int] = {}
    codes = [kinds.setdefault(tuple(row), len(kinds)) for row in np.round(2 * np.concatenate([known, attacked]))]
    counts = np.ones((len(names), len(kinds)))
    np.add.at(counts, (np.searchsorted(names, who), np.array(codes[: len(known)])), 1)
    chances = np.log(counts / counts.sum(axis=1, keepdims=True))
    return chances[:, codes[len(known) :]].T, names


def _neighbours(known: Rows, who: npt.NDArray[np.str_], attacked: Rows) -> tuple[Rows, npt.NDArray[np.str_]]:
    names = np.unique(who)
    apart = ((attacked[:, None] - known[None]) ** 2).sum(axis=2)
    scores = np.zeros((len(attacked), len(names)))
    for place, name in enumerate(names):
        own = np.sort(apart[:, who == name], axis=1)[:, :NEIGHBOURS]
        scores[:, place] = -np.sqrt(own).mean(axis=1)
    return scores, names


ATTACKERS = {"discriminants": _discriminants, "frequencies": _frequencies, "neighbours": _neighbours}
