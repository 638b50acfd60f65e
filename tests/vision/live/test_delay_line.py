"""The delay line: pictures leave in order, as late as promised, and never too many wait."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.live.delay_line import DelayLine

PICTURE = np.zeros((2, 2, 3), np.uint8)
STEPS = st.lists(st.floats(0.001, 0.5), max_size=60)


@given(STEPS, st.floats(0.1, 2.0), st.sampled_from([5.0, 25.0, 60.0, 0.0, math.nan]))
def test_pictures_leave_in_order_and_after_the_latency_unless_too_many_wait(
    steps: list[float], latency: float, fps: float
) -> None:
    line, came, left = DelayLine(latency, fps), [], []
    for t in np.cumsum(steps):
        full = len(line) == line.most
        line.add(float(t), PICTURE)
        came.append(float(t))
        gone = [at for at, _ in line.due()]
        left += gone
        assert full or all(t - at >= latency - 1e-5 for at in gone)
        assert len(line) <= line.most
        assert len(line) == line.most or all(t - at < latency for at in came[len(left) :])
    assert left + [at for at, _ in line.rest()] == came
    assert len(line) == 0


@given(st.floats(0.1, 2.0), st.floats(1.0, 120.0))
def test_at_the_expected_rate_nothing_leaves_early(latency: float, fps: float) -> None:
    line = DelayLine(latency, fps)
    for number in range(line.most + 5):
        line.add(number / fps, PICTURE)
        assert all(number / fps - at >= latency - 1e-5 for at, _ in line.due())


@pytest.mark.parametrize("t", [1.0, 0.5, math.nan])
def test_a_picture_that_is_not_later_than_the_last_is_refused(t: float) -> None:
    line = DelayLine(0.4, 25.0)
    line.add(1.0, PICTURE)
    with pytest.raises(ValueError, match=r"after one at 1\.0 s"):
        line.add(t, PICTURE)
    assert len(line) == 1


def test_the_newest_is_what_came_last() -> None:
    line = DelayLine(0.4, 25.0)
    line.add(0.0, PICTURE)
    other = PICTURE + 1
    line.add(0.1, other)
    t, newest = line.newest
    assert t == 0.1
    assert newest is other
