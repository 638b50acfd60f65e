"""Error rates and linkability, by their laws and on examples that can be counted."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.attacks import bootstrap_eer, det, eer, error_rates, linkability, tpr_at

LABELLED = st.lists(st.tuples(st.integers(-50, 50), st.booleans()), min_size=2, max_size=60).filter(
    lambda rows: any(same for _, same in rows) and not all(same for _, same in rows)
)
Pairs = tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]


def pairs(rows: list[tuple[int, bool]]) -> Pairs:
    return np.array([score for score, _ in rows], float), np.array([same for _, same in rows])


@given(LABELLED)
def test_only_the_order_of_scores_counts(rows: list[tuple[int, bool]]) -> None:
    scores, same = pairs(rows)
    for moved in (3.0 * scores - 7.0, np.exp(scores / 25.0), scores**3):
        assert eer(moved, same) == eer(scores, same)
        assert tpr_at(moved, same) == tpr_at(scores, same)


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=40))
def test_scores_that_are_alike_for_both_kinds_are_a_coin(values: list[int]) -> None:
    scores = np.array([*values, *values], float)
    same = np.arange(len(scores)) < len(values)
    assert eer(scores, same) == pytest.approx(0.5)
    assert linkability(scores[same], scores[~same]) == 0.0


@given(LABELLED)
def test_scores_that_separate_are_without_error(rows: list[tuple[int, bool]]) -> None:
    scores, same = pairs(rows)
    apart = scores + 200.0 * same
    assert eer(apart, same) == 0.0
    assert tpr_at(apart, same) == 1.0
    assert linkability(apart[same], apart[~same], bins=300) == pytest.approx(1.0)
    assert eer(-apart, same) == 1.0


@given(LABELLED)
def test_rates_go_from_missing_all_to_accepting_all(rows: list[tuple[int, bool]]) -> None:
    misses, alarms = error_rates(*pairs(rows))
    assert (misses[0], alarms[0]) == (1.0, 0.0)
    assert misses[-1] == pytest.approx(0.0)
    assert alarms[-1] == pytest.approx(1.0)
    assert (np.diff(misses) <= 1e-12).all()
    assert (np.diff(alarms) >= -1e-12).all()


@given(LABELLED, st.integers(2, 5))
def test_counting_each_pair_more_often_changes_nothing(rows: list[tuple[int, bool]], times: int) -> None:
    scores, same = pairs(rows)
    assert eer(scores, same, np.full(len(scores), float(times))) == pytest.approx(eer(scores, same))


@given(LABELLED)
def test_the_trade_off_is_between_0_and_1_and_falls(rows: list[tuple[int, bool]]) -> None:
    curve = det(*pairs(rows), points=10)
    assert len(curve) <= 10
    assert all(0 <= alarm <= 1 and -1e-12 <= miss <= 1 for alarm, miss in curve)
    assert [miss for _, miss in curve] == sorted((miss for _, miss in curve), reverse=True)


def test_an_example_that_can_be_counted() -> None:
    scores = np.array([0.9, 0.8, 0.6, 0.3, 0.7, 0.5, 0.2, 0.1])
    same = np.array([True, True, True, True, False, False, False, False])
    # At a threshold of .6 one own pair of four is missed, and one other pair of four accepted.
    assert eer(scores, same) == 0.25
    assert tpr_at(scores, same, 0.0) == 0.5
    assert tpr_at(scores, same, 0.25) == 0.75


def test_linkability_of_a_histogram_that_can_be_counted() -> None:
    own, other = np.array([0.0, 1.0, 1.0, 1.0]), np.array([0.0, 0.0, 0.0, 1.0])
    # Below: 1/4 against 3/4 favours two speakers. Above: 3/4 against 1/4, LR = 3, D = 2 * 3 / 4 - 1 = 1/2.
    assert linkability(own, other, bins=2) == pytest.approx(0.75 * 0.5)


def test_the_interval_holds_the_value_and_narrows_with_more_speakers() -> None:
    def interval(speakers: int) -> tuple[float, float, float]:
        random = np.random.default_rng(1)
        own = np.repeat(np.arange(speakers), speakers)
        claimed = np.tile(np.arange(speakers), speakers)
        found = bootstrap_eer(random.normal(own == claimed, 1.0), own, claimed, rounds=200)
        return found.low, found.value, found.high

    few, many = interval(8), interval(60)
    assert few[0] <= few[1] <= few[2]
    assert many[0] <= many[1] <= many[2]
    assert many[2] - many[0] < few[2] - few[0]


def test_two_speakers_are_too_few_for_an_interval() -> None:
    found = bootstrap_eer(np.array([1.0, 0.0, 0.0, 1.0]), np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]))
    assert (found.value, found.low, found.high) == (0.0, 0.0, 1.0)
