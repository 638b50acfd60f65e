"""The measures of who speaks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.runs.active_speaker import auc, average_precision, calibration_error, f1, platt

TRUTH = np.array([0.0, 1.0, 0.0, 1.0, 1.0])


def test_a_perfect_order_is_one_and_its_reverse_is_nothing() -> None:
    scores = np.array([0.1, 0.8, 0.2, 0.7, 0.9])
    assert auc(TRUTH, scores) == 1
    assert auc(TRUTH, -scores) == 0
    assert average_precision(TRUTH, scores) == 1
    assert f1(TRUTH, scores > 0.5) == 1


def test_equal_scores_are_a_coin_s() -> None:
    assert auc(TRUTH, np.full(5, 0.3)) == 0.5
    assert average_precision(TRUTH, np.full(5, 0.3)) < 0.6, "ties count in the worst order"


def test_average_precision_by_hand() -> None:
    assert average_precision(np.array([1.0, 0, 1]), np.array([3.0, 2, 1])) == pytest.approx((1 + 2 / 3) / 2)


def test_probabilities_that_come_true_have_no_error_and_others_theirs() -> None:
    truth = np.tile([1.0, 0, 0, 0], 100)
    assert calibration_error(truth, np.full(400, 0.25)) == pytest.approx(0)
    assert calibration_error(truth, np.full(400, 0.85)) == pytest.approx(0.6)


@given(st.floats(0.3, 3), st.floats(-2, 2))
@settings(max_examples=15, deadline=None)
def test_platt_finds_the_slope_and_bias_that_made_the_labels(slope: float, bias: float) -> None:
    rng = np.random.default_rng(1)
    odds = rng.normal(0, 2, 20000)
    truth = (rng.random(20000) < 1 / (1 + np.exp(-slope * (odds - bias)))).astype(float)
    found, where = platt(truth, odds)
    assert found == pytest.approx(slope, rel=0.12)
    assert where == pytest.approx(bias, abs=0.15)
