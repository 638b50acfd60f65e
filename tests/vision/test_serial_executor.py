"""Work in another thread: in order, bounded, and no error is lost."""

import threading
import time

import pytest

from vision.serial_executor import SerialExecutor


def test_calls_are_made_in_order_and_all_of_them() -> None:
    done: list[int] = []
    with SerialExecutor("test", limit=4) as behind:
        for i in range(200):
            behind.do(lambda i=i: done.append(i))
    assert done == list(range(200))


def test_no_more_wait_than_may() -> None:
    gate, begun = threading.Event(), []
    with SerialExecutor("test", limit=3) as behind:

        def feed() -> None:
            for i in range(20):
                behind.do(gate.wait)
                begun.append(i)

        feeder = threading.Thread(target=feed)
        feeder.start()
        time.sleep(0.1)
        assert len(begun) == 3
        gate.set()
        feeder.join(5)
    assert len(begun) == 20


def test_what_a_call_raises_is_raised_to_the_one_who_asked() -> None:
    def broken() -> None:
        raise OSError("no sound")

    with pytest.raises(OSError, match="no sound"), SerialExecutor("test") as behind:
        behind.do(broken)


def test_leaving_by_an_error_drops_what_waits() -> None:
    gate, done = threading.Event(), []

    def leave() -> None:
        with SerialExecutor("test") as behind:
            behind.do(lambda: gate.wait(5))
            behind.do(lambda: done.append(1))
            threading.Timer(0.1, gate.set).start()
            raise KeyError

    with pytest.raises(KeyError):
        leave()
    assert done == []
