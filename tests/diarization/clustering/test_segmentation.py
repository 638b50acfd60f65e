from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarization.clustering.segmentation import HOP, POWERSET, Aggregator, changes, frame_start, frames_of, multilabel
from diarization.clustering.settings import FRAMES

CLASSES = {(): 0, (0,): 1, (1,): 2, (2,): 3, (0, 1): 4, (0, 2): 5, (1, 2): 6}


def posterior(labels):
    """One-hot posterior ``[T, 7]`` of tuples of local speakers."""
    return np.eye(7, dtype=np.float32)[[CLASSES[tuple(sorted(label))] for label in labels]]


def test_powerset_holds_every_set_of_at_most_two_once():
    assert sorted(tuple(np.flatnonzero(row)) for row in POWERSET) == sorted(CLASSES)
    for speakers, index in CLASSES.items():
        np.testing.assert_array_equal(np.flatnonzero(multilabel(np.eye(7, dtype=np.float32)[index])), speakers)


@given(st.lists(st.floats(0.01, 1), min_size=7, max_size=7))
def test_multilabel_is_the_marginal(weights):
    p = np.array(weights, np.float32) / sum(weights)
    for speaker in range(3):
        expected = sum(p[index] for speakers, index in CLASSES.items() if speaker in speakers)
        assert multilabel(p)[speaker] == pytest.approx(expected, abs=1e-5)


def windows_of(truth, step, rng=None):
    """Windows of a recording given as a list of tuples, with local speakers renumbered at random."""
    out = []
    for at in range(0, len(truth) - FRAMES + 1, step):
        order = rng.permutation(3) if rng is not None else np.arange(3)
        out.append(posterior([tuple(int(order[s]) for s in label) for label in truth[at : at + FRAMES]]))
    return out


def aggregate(windows, step):
    aggregator = Aggregator(step)
    return np.concatenate([*(aggregator.push(w) for w in windows), aggregator.rest()])


PATTERN = [()] * 100 + [(0,)] * 300 + [(1,)] * 200 + [(0, 1)] * 77 + [(1,)] * 89 + [()] * 50 + [(2,)] * 243


def test_aggregates_a_known_pattern():
    step = 47
    assert (len(PATTERN) - FRAMES) % step == 0
    rows = aggregate(windows_of(PATTERN, step), step)
    assert len(rows) == len(PATTERN)
    np.testing.assert_allclose(rows[:, 0], [bool(label) for label in PATTERN], atol=1e-5)
    np.testing.assert_allclose(rows[:, 1], [len(label) == 2 for label in PATTERN], atol=1e-5)
    assert rows[400, 2] > 0.9
    assert rows[150:380, 2].max() < 0.01


def test_numbers_of_local_speakers_do_not_matter():
    rng = np.random.default_rng(3)
    np.testing.assert_allclose(
        aggregate(windows_of(PATTERN, 47), 47), aggregate(windows_of(PATTERN, 47, rng), 47), atol=1e-5
    )


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_changes_ignore_the_order_of_columns(order):
    activity = np.random.default_rng(0).random((100, 3)).astype(np.float32)
    for one, other in zip(changes(activity), changes(activity[:, order]), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_nothing_pushed_gives_nothing():
    assert Aggregator(59).rest().shape == (0, 3)


@pytest.mark.parametrize("step", [0, FRAMES + 1])
def test_refuses_a_step_that_leaves_holes(step):
    with pytest.raises(ValueError, match="step"):
        Aggregator(step)


def test_frames_of_one_window_and_their_times():
    assert frames_of(160000) == FRAMES
    assert frames_of(10) == 1
    assert frame_start(1) - frame_start(0) == pytest.approx(HOP / 16000)
