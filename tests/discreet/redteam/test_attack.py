"""Lights: where successes are counted, one is too many; a rate is red only where it is certainly above chance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discreet.redteam.attack import MOST_PLACES, TOO_FEW, counted, interval, not_attacked, rated


def test_one_success_is_too_much_and_its_place_is_named() -> None:
    assert counted("x", [], 5, "hits").light == "green"
    assert (counted("x", ["a"], 5, "hits").light, counted("x", ["a"], 5, "hits").places) == ("red", ("a",))
    assert len(counted("x", ["a"] * 99, 99, "hits").places) == MOST_PLACES


@pytest.mark.parametrize(
    ("right", "trials", "light"),
    [(50, 100, "red"), (30, 100, "amber"), (25, 100, "green"), (0, TOO_FEW - 1, "amber"), (10, 100, "green")],
)
def test_a_rate_is_red_only_where_it_is_certainly_above_chance(right: int, trials: int, light: str) -> None:
    attacked = rated("x", right, trials, 0.25, "right")
    assert (attacked.light, attacked.value, attacked.chance) == (light, right / trials, 0.25)


@given(trials=st.integers(1, 500), data=st.data())
def test_the_interval_holds_the_rate(trials: int, data: st.DataObject) -> None:
    right = data.draw(st.integers(0, trials))
    low, high = interval(right, trials)
    assert 0.0 <= low <= right / trials + 1e-9
    assert right / trials - 1e-9 <= high <= 1.0


def test_what_was_not_attacked_says_why() -> None:
    assert not_attacked("x", "no photographs").figure == "not attacked: no photographs"
