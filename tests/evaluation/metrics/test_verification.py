"""Error rates of voiceprints, against definitions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.metrics.verification import min_dcf, pairs
from voice.attacks import eer


def test_perfect_and_useless_scores():
    same = np.array([True] * 10 + [False] * 90)
    assert eer(np.where(same, 1.0, 0.0), same) == 0
    assert min_dcf(np.where(same, 1.0, 0.0), same) == 0
    assert eer(np.where(same, 0.0, 1.0), same) == 1
    assert min_dcf(np.where(same, 0.0, 1.0), same) == 1


def test_the_cost_of_one_miss_in_ten():
    same = np.array([True] * 10 + [False] * 990)
    scores = np.where(same, 1.0, 0.0)
    scores[0] = -1.0
    assert min_dcf(scores, same) == pytest.approx(0.1)
    assert eer(scores, same) == pytest.approx(0.05)


@given(st.lists(st.tuples(st.floats(-1, 1), st.booleans()), min_size=4, max_size=60))
def test_rates_are_shares_and_the_cost_never_beats_saying_no(rows):
    scores, same = np.array([s for s, _ in rows]), np.array([b for _, b in rows])
    if same.any() and not same.all():
        assert 0 <= eer(scores, same) <= 1
        assert 0 <= min_dcf(scores, same) <= 1 + 1e-12


def test_pairs_within_a_recording_only():
    vectors = np.eye(4, dtype=np.float32)
    scores, same = pairs(vectors, ["a", "a", "b", "b"], ["x", "x", "x", "y"])
    assert len(scores) == 3
    assert same.tolist() == [True, False, False]
