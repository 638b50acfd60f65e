"""Quality steps down before sound stutters, and up again only after a calm while."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.live import LiveVoiceSettings, LoadWatch

SETTINGS = LiveVoiceSettings()
BLOCK = 0.01


def steps(watch: LoadWatch, share: float, seconds: float) -> list[int]:
    return [watch(BLOCK, share * BLOCK) for _ in range(round(seconds / BLOCK))]


@given(st.floats(0.0, 0.7))
def test_a_machine_that_keeps_up_is_left_alone(share: float) -> None:
    assert -1 not in steps(LoadWatch(SETTINGS), share, 20.0)


@given(st.floats(0.9, 3.0))
def test_a_machine_that_falls_behind_steps_down_within_a_second(share: float) -> None:
    assert -1 in steps(LoadWatch(SETTINGS), share, 1.0)


def test_one_slow_block_changes_nothing() -> None:
    watch = LoadWatch(SETTINGS)
    steps(watch, 0.1, 1.0)
    assert watch(BLOCK, 5 * BLOCK) == 0


def test_being_late_steps_down_before_sound_is_left_out() -> None:
    assert LoadWatch(SETTINGS)(BLOCK, 0.0, late=0.6 * SETTINGS.most_late) == -1


@pytest.mark.parametrize(("seconds", "up"), [(SETTINGS.calm - 0.5, False), (SETTINGS.calm + 0.5, True)])
def test_it_steps_up_after_a_calm_while(seconds: float, up: bool) -> None:
    assert (1 in steps(LoadWatch(SETTINGS), 0.1, seconds)) == up


def test_a_block_of_no_length_says_nothing() -> None:
    assert LoadWatch(SETTINGS)(0.0, 1.0) == 0
