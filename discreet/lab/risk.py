"""What attacks mean: bits that leak, the risk of being told again, and who is hidden less than others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from voice.attacks import Interval, Outcome

GAP = 0.1
"""Difference of the equal error rates of two groups from which on it is an alarm."""
ROUNDS = 2000


def leaked_bits(identified: float, speakers: int) -> float:
    """Least mutual information, in bits, between the speaker and what the attacker is given (Fano's inequality).

    Whoever identifies one of ``speakers`` equally likely speakers with probability ``identified`` must know that much.
    It is a lower bound: an attacker who guesses wrong may still have ruled most speakers out. 0 at chance and below.

    Args:
        identified: share of utterances whose speaker scores highest, 0..1.
        speakers: how many were compared.
    """
    if speakers < 2 or identified <= 1 / speakers:
        return 0.0
    wrong = 1.0 - identified
    doubt = -sum(p * np.log2(p) for p in (wrong, identified) if p > 0)
    return float(max(0.0, np.log2(speakers) - doubt - wrong * np.log2(max(1, speakers - 1))))


def risk(outcome: Outcome, rounds: int = ROUNDS, seed: int = 0) -> Interval:
    """Probability that somebody's utterance is given to them, with its interval over speakers (bootstrap).

    Speakers are drawn, not utterances: those of one speaker are hidden alike.
    """
    shares = np.array([identified for _, identified in outcome.speakers.values()])
    if len(shares) < 2:
        return Interval(outcome.identified, 0.0, 1.0)
    random = np.random.default_rng(seed)
    means = shares[random.integers(0, len(shares), (rounds, len(shares)))].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return Interval(float(shares.mean()), float(low), float(high))


def gaps(groups: Mapping[str, Outcome], alarm: float = GAP) -> Iterator[tuple[str, str, float, bool]]:
    """For each kind of label: who is hidden least and most, how far apart they are, and whether that is an alarm.

    Args:
        groups: ``"kind: label"`` -> what the strongest attacker reaches there.
        alarm: the gap in the equal error rate from which on it is one.
    """
    kinds: dict[str, list[tuple[float, str]]] = {}
    for name, found in groups.items():
        kind, _, label = name.partition(": ")
        kinds.setdefault(kind, []).append((found.eer.value, label))
    for kind, rows in sorted(kinds.items()):
        if len(rows) > 1:
            (least, worst), (most, best) = min(rows), max(rows)
            yield kind, f"{worst} < {best}", most - least, most - least >= alarm
