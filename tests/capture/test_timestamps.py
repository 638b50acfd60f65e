"""Laws of the two clocks."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.decoder.settings import JUMP_BACK
from capture.timestamps import FrameClock, SampleGrid

moments = st.lists(st.one_of(st.none(), st.floats(-5, 1e5, allow_nan=False)), min_size=1, max_size=60)


@given(moments)
def test_any_times_become_strictly_increasing_and_not_negative(times: list[float | None]) -> None:
    clock = FrameClock(0.04)
    mended = [clock(t) for t in times]
    assert mended[0] >= 0
    assert all(a < b for a, b in itertools.pairwise(mended))


@given(st.lists(st.floats(0.002, 3.0), min_size=1, max_size=60))
def test_times_that_increase_pass_unchanged(steps: list[float]) -> None:
    times = [sum(steps[: i + 1]) for i in range(len(steps))]
    clock = FrameClock(0.04)
    assert [clock(t) for t in times] == times


def test_a_new_start_of_the_clock_goes_on_from_the_last_picture() -> None:
    clock = FrameClock(0.04)
    first = [clock(100 + i * 0.04) for i in range(5)]
    second = [clock(3 + i * 0.04) for i in range(5)]
    assert second == pytest.approx([first[-1] + 0.04 * (i + 1) for i in range(5)])


def test_a_repeated_time_moves_by_a_millisecond_only() -> None:
    clock = FrameClock(0.04)
    assert [clock(t) for t in (0.0, 0.04, 0.04, 0.08)] == pytest.approx([0.0, 0.04, 0.041, 0.08])


@given(st.lists(st.tuples(st.floats(0, 1.5), st.integers(1, 5000)), min_size=1, max_size=40))
def test_every_block_lands_within_the_slack_of_its_time(blocks: list[tuple[float, int]]) -> None:
    """Whatever the gaps: a block starts at its own time, to the slack, and the count of samples adds up."""
    rate, slack = 8000, 0.02
    grid = SampleGrid(rate, slack)
    total, start = 0, 0.0
    for gap, samples in blocks:
        start += gap
        silence, skip = grid.place(start, samples)
        assert skip == 0 or silence == 0
        assert abs((total + silence - skip) / rate - start) <= slack + 1 / rate or skip == samples
        total += silence + samples - skip
        assert grid.at == total
        start += samples / rate
    assert total >= 0


def test_jitter_within_the_slack_neither_fills_nor_cuts_nor_adds_up() -> None:
    grid = SampleGrid(48000)
    for i in range(500):
        assert grid.place(i * 0.02 + (0.009 if i % 2 else 0.0), 960) == (0, 0)


def test_drift_is_corrected_once_it_exceeds_the_slack() -> None:
    """A sound card 1000 ppm slow: after 100 s the grid is still within the slack of the clock."""
    grid = SampleGrid(48000)
    for i in range(1000):
        grid.place(i * 0.1, 4795)
    assert abs(grid.at / 48000 - 100.0) < 0.025


def test_the_first_offset_is_exact_even_below_the_slack() -> None:
    assert SampleGrid(48000).place(0.005, 100) == (240, 0)


def test_sound_after_a_clock_that_starts_anew_is_kept() -> None:
    grid = SampleGrid(8000)
    grid.place(50.0, 8000)
    assert grid.place(50.0 - JUMP_BACK - 1, 8000) == (0, 0)
    assert grid.place(50.0 - JUMP_BACK, 8000) == (0, 0)
