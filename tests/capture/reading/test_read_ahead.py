"""Reading ahead of the decoding child: in order, bounded, errors in their place, nothing left running."""

import threading
import time

import numpy as np
import pytest

from capture.decoder import protocol
from capture.reading.child_process import Message
from capture.reading.read_ahead import MOST_AHEAD, ReadAhead
from capture.reading.settings import AHEAD_BYTES


class Script:
    """A child that says what it is told to say; an exception among it is raised, None waits to be killed."""

    def __init__(self, *says: object) -> None:
        self._says = iter(says)
        self.given = 0
        self.killed = threading.Event()
        self.closed = False

    def message(self) -> Message:
        said = next(self._says)
        if said is None:
            assert self.killed.wait(10)
            raise EOFError
        if isinstance(said, BaseException):
            raise said
        self.given += 1
        return Message(said[0], said[1], 0, 0, np.zeros(1, np.uint8))  # type: ignore[index]

    def kill(self) -> None:
        self.killed.set()

    def close(self) -> None:
        self.closed = True


def pictures(count: int) -> list[tuple[bytes, float]]:
    return [(protocol.PICTURE, float(t)) for t in range(count)]


def readers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "read"]


def test_messages_keep_their_order_up_to_the_last() -> None:
    child = Script(*pictures(30), (protocol.END, 0.0))
    with ReadAhead(child, 1, protocol.END) as ahead:  # type: ignore[arg-type]
        got = [ahead.message() for _ in range(31)]
    assert [message.t for message in got[:-1]] == list(range(30))
    assert got[-1].kind == protocol.END
    assert child.closed
    assert not readers()


@pytest.mark.parametrize(("size", "held"), [(1, MOST_AHEAD), (AHEAD_BYTES // 3, 3), (AHEAD_BYTES * 2, 1)])
def test_only_so_much_is_held(size: int, held: int) -> None:
    child = Script(*pictures(30), None)
    with ReadAhead(child, size, protocol.END) as ahead:  # type: ignore[arg-type]
        ahead.message()
        until = time.monotonic() + 5
        while child.given < held + 2 and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(0.05)
        assert child.given == held + 2  # one was taken, and one waits for a place
    assert not readers()


def test_an_error_comes_after_what_was_read_before_it() -> None:
    child = Script(*pictures(2), OSError("gone"))
    with ReadAhead(child, 1, protocol.END) as ahead:  # type: ignore[arg-type]
        assert [ahead.message().t, ahead.message().t] == [0.0, 1.0]
        with pytest.raises(OSError, match="gone"):
            ahead.message()
    assert child.closed
    assert not readers()


def test_leaving_early_ends_the_child_and_the_thread() -> None:
    child = Script(*pictures(1), None)
    with ReadAhead(child, 1, protocol.END) as ahead:  # type: ignore[arg-type]
        ahead.message()
    assert child.killed.is_set()
    assert child.closed
    assert not readers()
