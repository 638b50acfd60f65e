"""The recorder's one clock, and how its threads wait: on real time, or on a virtual one that tests can trust.

Every thread of the recorder waits through a :class:`Clock` and through nothing else. So a test can put a
:class:`VirtualClock` in its place: threads run as they always do, but time stands still while any of them works and
jumps to the next deadline as soon as all of them wait. An hour is over in a moment, and always in the same way.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable
from typing import Protocol


class Signal(Protocol):
    """Somewhere to wait until something has changed."""

    def wait_for(self, ready: Callable[[], bool], timeout: float | None = None) -> bool:
        """Wait until ``ready()`` or ``timeout`` seconds are over; whether it became ready."""
        ...

    def notify(self) -> None:
        """Let everybody who waits look again."""
        ...


class Clock(Protocol):
    """Time in seconds, steady, of no particular origin."""

    def now(self) -> float:
        """The time."""
        ...

    def signal(self) -> Signal:
        """A new place to wait."""
        ...

    def thread(self, run: Callable[[], None], name: str) -> threading.Thread:
        """A daemon thread, not yet started, whose waiting this clock knows of."""
        ...

    def join(self, thread: threading.Thread, timeout: float) -> bool:
        """Wait until the thread has ended; whether it has."""
        ...


class _RealSignal:
    def __init__(self) -> None:
        self._condition = threading.Condition()

    def wait_for(self, ready: Callable[[], bool], timeout: float | None = None) -> bool:
        with self._condition:
            return self._condition.wait_for(ready, timeout)

    def notify(self) -> None:
        with self._condition:
            self._condition.notify_all()


class RealClock:
    """The system's monotonic clock, which is also the one that camera drivers stamp their pictures with."""

    def now(self) -> float:
        """Seconds."""
        return time.monotonic()

    def signal(self) -> Signal:
        """A new place to wait."""
        return _RealSignal()

    def thread(self, run: Callable[[], None], name: str) -> threading.Thread:
        """A daemon thread: one that hangs in a driver must not keep the process from ending."""
        return threading.Thread(target=run, name=name, daemon=True)

    def join(self, thread: threading.Thread, timeout: float) -> bool:
        """Wait until the thread has ended; whether it has."""
        thread.join(timeout)
        return not thread.is_alive()


class _VirtualSignal:
    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock

    def wait_for(self, ready: Callable[[], bool], timeout: float | None = None) -> bool:
        return self._clock._wait(ready, timeout)

    def notify(self) -> None:
        with self._clock._lock:
            self._clock._lock.notify_all()


class StuckError(AssertionError):
    """All threads wait, and none of them for a time: nothing will ever happen again."""


class VirtualClock:
    """Time that passes only while every thread waits. The thread that makes the clock is one of them.

    Args:
        start: the first time.
        patience: real seconds after which waiting threads give up, so that a test of a fault cannot hang for ever.
    """

    def __init__(self, start: float = 1000.0, patience: float = 60.0) -> None:
        self._lock = threading.Condition(threading.RLock())
        self._now = start
        self._patience = patience
        self._working = 1
        self._ended: weakref.WeakSet[threading.Thread] = weakref.WeakSet()
        self._waiting: dict[int, tuple[Callable[[], bool], float | None]] = {}

    def now(self) -> float:
        """Seconds."""
        return self._now

    def signal(self) -> Signal:
        """A new place to wait."""
        return _VirtualSignal(self)

    def thread(self, run: Callable[[], None], name: str) -> threading.Thread:
        """A daemon thread; while it works, time stands still. It counts from its making on."""

        def counted() -> None:
            try:
                run()
            finally:
                with self._lock:
                    self._ended.add(threading.current_thread())
                    self._working -= 1
                    self._settle()

        with self._lock:
            self._working += 1
        return threading.Thread(target=counted, name=name, daemon=True)

    def join(self, thread: threading.Thread, timeout: float) -> bool:
        """Wait until the thread has ended; whether it has."""
        ended = self._wait(lambda: thread in self._ended, timeout)
        if ended:
            thread.join()
        return ended

    def _wait(self, ready: Callable[[], bool], timeout: float | None) -> bool:
        me = threading.get_ident()
        with self._lock:
            deadline = None if timeout is None else self._now + timeout
            self._working -= 1
            self._waiting[me] = (ready, deadline)
            given_up = time.monotonic() + self._patience
            try:
                while not ready() and (deadline is None or self._now < deadline):
                    self._settle()
                    if ready() or (deadline is not None and self._now >= deadline):
                        break
                    self._lock.wait(0.5)
                    if time.monotonic() > given_up:
                        raise StuckError(f"no event for {self._patience} s")
                return ready()
            finally:
                del self._waiting[me]
                self._working += 1

    def _settle(self) -> None:
        """Let time jump to the next deadline if every thread waits and none of them has what it waits for."""
        if self._working or any(
            ready() or (deadline is not None and deadline <= self._now) for ready, deadline in self._waiting.values()
        ):
            self._lock.notify_all()
            return
        deadlines = [deadline for _, deadline in self._waiting.values() if deadline is not None]
        if deadlines:
            self._now = min(deadlines)
            self._lock.notify_all()
