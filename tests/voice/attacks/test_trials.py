"""What is reported of an attack, on scores whose outcome can be counted."""

from __future__ import annotations

import numpy as np
import pytest

from voice.attacks import Trials, outcome

NAMES = ("ann", "ben", "cem")


def trials(scores: list[list[float]], spoken: list[int]) -> Trials:
    return Trials(np.array(scores, float), np.array(spoken), NAMES)


def test_everybody_found() -> None:
    found = outcome(trials(np.eye(3).tolist(), [0, 1, 2]), 20)
    assert (found.eer.value, found.identified, found.tpr, found.trials) == (0.0, 1.0, 1.0, 3)
    assert found.chance == pytest.approx(1 / 3)
    assert found.speakers == dict.fromkeys(NAMES, (0.0, 1.0))


def test_who_is_found_most_easily_is_named() -> None:
    found = outcome(trials([[9, 0, 0], [5, 1, 4], [0, 5, 2]], [0, 1, 2]), 20)
    assert found.worst == ("ann", 0.0)
    assert found.identified == pytest.approx(1 / 3)
    assert found.speakers["ben"][1] == 0.0


def test_equal_scores_are_a_guess() -> None:
    found = outcome(trials([[1, 1, 1]] * 3, [0, 1, 2]), 20)
    assert found.identified == pytest.approx(1 / 3)
    assert found.eer.value == pytest.approx(0.5)


def test_what_is_not_compared_does_not_count() -> None:
    nan = float("nan")
    found = outcome(trials([[1, 0, nan], [0, 1, nan], [nan, 0, 1]], [0, 1, 2]), 20)
    assert found.identified == 1.0
    assert found.chance == pytest.approx(0.5)


def test_an_attack_without_pairs_is_refused() -> None:
    with pytest.raises(ValueError, match="pairs of one speaker and of two"):
        outcome(Trials(np.ones((2, 1)), np.array([0, 0]), ("ann",)), 20)


def test_trials_against_others_are_not_pooled() -> None:
    one = trials(np.eye(3).tolist(), [0, 1, 2])
    with pytest.raises(ValueError, match="pooled"):
        Trials.together([one, Trials(one.scores, one.spoken, ("x", "y", "z"))])
    assert len(Trials.together([one, one]).spoken) == 6
