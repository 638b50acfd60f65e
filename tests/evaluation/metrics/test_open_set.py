"""Thresholds of open-set recognition follow from what an error costs."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from evaluation.metrics.open_set import REFUSED, Trials, beyond, least_costly

STRANGERS = norm.ppf(np.linspace(0.0001, 0.9999, 5000), 0.1, 0.08)
OWN = norm.ppf(np.linspace(0.001, 0.999, 500), 0.55, 0.1)


def trials(scores: np.ndarray) -> Trials:
    return Trials(scores, np.full(len(scores), "a b"))


def test_the_probability_of_a_score_is_its_share_where_scores_are_common() -> None:
    assert beyond(STRANGERS, 0.1) == pytest.approx(0.5, abs=0.001)
    assert beyond(STRANGERS, -1.0) == 1.0


def test_a_score_that_nobody_reached_is_still_possible_and_never_more_likely_than_a_lower_one() -> None:
    chances = [beyond(STRANGERS, at) for at in np.arange(0.2, 0.8, 0.01)]
    assert chances == sorted(chances, reverse=True)
    assert 0 < beyond(STRANGERS, STRANGERS.max() + 0.02) < 1 / len(STRANGERS)


def test_the_tail_of_a_normal_distribution_is_not_underestimated() -> None:
    for at in (0.36, 0.40, 0.44):
        assert norm.sf(at, 0.1, 0.08) <= beyond(STRANGERS, at) <= 30 * norm.sf(at, 0.1, 0.08)


def test_comparisons_that_other_rules_refuse_only_make_scores_rarer() -> None:
    refused = np.concatenate([STRANGERS, np.full(3 * len(STRANGERS), REFUSED)])
    assert 0 < beyond(refused, 0.42) < beyond(STRANGERS, 0.42)
    assert np.isnan(beyond(np.full(100, REFUSED), 0.42))
    assert np.isnan(least_costly(trials(np.full(100, REFUSED)), trials(OWN)))


def test_scores_that_are_all_alike_have_no_tail() -> None:
    assert beyond(np.zeros(100), 0.1) == 0.0


def test_the_dearer_a_shown_stranger_the_higher_the_threshold() -> None:
    found = [least_costly(trials(STRANGERS), trials(OWN), cost) for cost in (1.0, 30.0, 1000.0)]
    assert found == sorted(found)
    assert found[0] < found[-1]
    assert found[0] == pytest.approx(0.3, abs=0.05)  # where the two densities cross
