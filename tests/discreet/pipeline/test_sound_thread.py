"""Sound comes in order, no earlier than it is asked for, and what its thread raised is raised where it is written."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from discreet.pipeline.sound_thread import SoundAhead
from timeline import FloatArray


def blocks(count: int, fails: bool = False) -> Iterator[tuple[float, FloatArray]]:
    for number in range(count):
        yield number * 0.5, np.full((8, 1), number, np.float32)
    if fails:
        raise OSError("gone")


def test_blocks_are_written_in_order_until_the_time_that_is_asked_for() -> None:
    got: list[float] = []
    with SoundAhead(blocks(20), lambda block: got.append(float(block[0, 0]))) as ahead:
        ahead.until(2.0)
        assert got == [0, 1, 2, 3]
        ahead.until(float("inf"))
    assert got == list(range(20))


def test_what_making_it_raised_is_raised_where_it_is_written() -> None:
    with pytest.raises(OSError, match="gone"), SoundAhead(blocks(2, fails=True), lambda block: None) as ahead:
        ahead.until(float("inf"))


def test_leaving_early_ends_the_thread() -> None:
    with SoundAhead(blocks(1000), lambda block: None) as ahead:
        ahead.until(1.0)
    assert not ahead._thread.is_alive()
