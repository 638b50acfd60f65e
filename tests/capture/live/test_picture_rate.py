"""A recording that is late takes fewer pictures, evenly, and more again when it has kept up for a while."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from live_fakes import FAST, recorder

from capture.clock import VirtualClock
from capture.live.picture_rate import PictureRate
from capture.live.settings import CALM, HOLD, MOST_CALM, SLOWEST, STEP_SECONDS, TICK
from capture.writing.fragmented_mp4 import FragmentWriter
from vision import LiveMaskingSettings


def rates(late: Callable[[float], bool], seconds: float) -> Iterator[tuple[float, int]]:
    """Time and rate of each change."""
    rate, last = PictureRate(30.0), 1
    for n in range(round(seconds / TICK)):
        every = rate.look(n * TICK, late(n * TICK))
        if every != last:
            last = every
            yield n * TICK, every


def test_a_recording_in_time_keeps_every_picture_and_a_moment_of_delay_costs_none() -> None:
    assert not list(rates(lambda t: False, 60.0))
    assert not list(rates(lambda t: t % 5 < HOLD - 2 * TICK, 60.0))


def test_it_steps_down_at_once_and_once_more_where_that_does_not_help() -> None:
    changes = list(rates(lambda t: t >= 5, 60.0))
    assert [every for _, every in changes] == [2, SLOWEST]
    assert [t for t, _ in changes] == pytest.approx([5 + HOLD, 5 + HOLD + STEP_SECONDS], abs=2 * TICK)


def test_it_steps_up_one_by_one_after_the_delay_is_over() -> None:
    changes = list(rates(lambda t: 5 <= t < 20, 60.0))
    assert [every for _, every in changes] == [2, 4, 2, 1]
    assert [t for t, _ in changes[2:]] == pytest.approx([20 + CALM, 20 + 2 * CALM], abs=3 * TICK)


def test_where_every_picture_is_too_much_it_tries_more_and_more_rarely() -> None:
    rate, tried = PictureRate(30.0), []
    for n in range(round(1000 / TICK)):
        every = rate.every
        if rate.look(n * TICK, every == 1) < every:
            tried.append(n * TICK)
    waits = np.diff(tried)
    assert (np.diff(waits) > -0.2).all()
    assert waits[-1] > 0.9 * MOST_CALM


@given(st.lists(st.tuples(st.booleans(), st.floats(0.05, 30)), max_size=30))
def test_the_rate_is_always_one_of_three_and_changes_by_one_step(spans: list[tuple[bool, float]]) -> None:
    rate, t, last = PictureRate(30.0), 0.0, 1
    for late, seconds in spans:
        for _ in range(round(seconds / 0.5) + 1):
            t += 0.5
            every = rate.look(t, late)
            assert every in (1, 2, 4)
            assert every == last or (every > last) == late
            last = every


@pytest.mark.parametrize(("fps", "slowest"), [(60, 4), (30, 4), (25, 2), (15, 2), (12.5, 1), (5, 1), (0, 1)])
def test_pictures_stay_close_enough_for_masking_to_look_twice_in_time(fps: float, slowest: int) -> None:
    rate = PictureRate(fps)
    assert max(rate.look(n * TICK, True) for n in range(400)) == slowest
    gap = LiveMaskingSettings().gap
    assert rate.every == 1 or 2 * rate.every / fps <= gap


def test_pictures_left_out_are_even_and_counted_and_told(tmp_path: Path) -> None:
    clock = VirtualClock(patience=30.0)
    wait = clock.signal().wait_for

    class Slow(FragmentWriter):  # writes 20 pictures a second, of the camera's 30
        def add_picture(self, t: float, image: Any) -> None:
            wait(lambda: False, 0.05)
            super().add_picture(t, image)

    told: list[int] = []
    done = recorder(tmp_path / "a.mp4", clock, seconds=100.0, duration=9.0, writer=Slow, settings=FAST).run(
        lambda now: told.append(now.every)
    )
    assert done.error is None
    assert done.frames_in == done.frames_out + done.dropped
    assert sorted(set(told)) == [1, 2]
    settled = np.diff(done.times[done.times > 5.0])
    assert settled == pytest.approx(np.full(len(settled), 2 / 30), abs=2e-3)
    assert any("of them evenly" in note for note in done.notes)


def test_masking_that_lags_behind_slows_the_pictures_too(tmp_path: Path) -> None:
    made = recorder(tmp_path / "a.mp4", VirtualClock(patience=30.0), seconds=100.0, duration=5.0)
    stage: Any = made._parts.stage

    def lagging(picture: Any) -> Any:
        masks = stage(picture)
        masks.status = lambda: {"lag": 0.9}
        return masks

    object.__setattr__(made._parts, "stage", lagging)
    done = made.run()
    assert done.frames_in == done.frames_out + done.dropped
    assert done.dropped > 50
    assert any("masking did not keep up" in note for note in done.notes)
