"""Queues: what may be dropped is, oldest first; sound never."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.clock import VirtualClock
from capture.live.queues import End, Mailbox
from timeline import OutputError


@given(st.lists(st.booleans(), max_size=60), st.integers(1, 5))
def test_pictures_are_dropped_oldest_first_and_counted_and_sound_never(kinds: list[bool], most: int) -> None:
    lost: list[int] = []
    box: Mailbox[int] = Mailbox(VirtualClock(), "test", most, dropped=lost.append)
    for number, picture in enumerate(kinds):
        box.put(number, droppable=picture)
    box.end()
    got = []
    while not isinstance(item := box.get(0.0), End):
        assert item is not None
        got.append(item)
    pictures = [n for n, picture in enumerate(kinds) if picture]
    assert [n for n in got if not kinds[n]] == [n for n, picture in enumerate(kinds) if not picture]
    assert [n for n in got if kinds[n]] == pictures[-most:]
    assert got == sorted(got)
    assert lost == pictures[:-most]
    assert box.dropped == len(lost)


def test_too_much_sound_is_an_error_and_the_end_still_fits() -> None:
    box: Mailbox[int] = Mailbox(VirtualClock(), "the encoder", 1, others=2)
    box.put(1)
    box.put(2)
    with pytest.raises(OutputError, match="the encoder"):
        box.put(3)
    box.put(4, droppable=True)
    box.end()
    assert [box.get(), box.get(), box.get(), box.get()] == [1, 2, 4, End()]
    assert box.get(0.5) is None
