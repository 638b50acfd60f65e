"""The recorder's only clock, and how its threads wait: in real time, or in virtual time for tests.

Every thread of the recorder waits through a :class:`Clock` and nothing else, so a test can substitute a
:class:`VirtualClock`: threads run as usual, but time stands still while any of them works and jumps to the next
deadline as soon as all of them wait. A simulated hour takes a moment and always runs the same way.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


class Signal(Protocol):
    """A place to wait for a change."""

    def wait_for(self, ready: Callable[[], bool], timeout: float | None = None) -> bool:
        """Wait until ``ready()`` is true or ``timeout`` seconds have passed; return the last ``ready()``."""
        ...

    def notify(self) -> None:
        """Wake everybody who waits, so that they check again."""
        ...


class Clock(Protocol):
    """Monotonic time in seconds, with an arbitrary origin."""

    def now(self) -> float:
        """The current time, s."""
        ...

    def signal(self) -> Signal:
        """A new place to wait."""
        ...

    def thread(self, run: Callable[[], None], name: str) -> threading.Thread:
        """A daemon thread, not yet started, whose waits this clock knows about."""
        ...

    def join(self, thread: threading.Thread, timeout: float) -> bool:
        """Wait until the thread ends or ``timeout`` seconds pass; return True if it ended."""
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
    """The system's monotonic clock, which camera drivers also use for their time stamps."""

    def now(self) -> float:
        """The current time, s."""
        return time.monotonic()

    def signal(self) -> Signal:
        """A new place to wait."""
        return _RealSignal()

    def thread(self, run: Callable[[], None], name: str) -> threading.Thread:
        """A daemon thread, so that one that hangs in a driver cannot keep the process alive."""
        return threading.Thread(target=run, name=name, daemon=True)

    def join(self, thread: threading.Thread, timeout: float) -> bool:
        """Wait until the thread ends or ``timeout`` seconds pass; return True if it ended."""
        thread.join(timeout)
        return not thread.is_alive()


class _VirtualSignal:
    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock

    def wait_for(self, ready: Callable[[], bool], timeout: float | None = None) -> bool:
        return self._clock._wait(ready, timeout)

    def notify(self) -> None:
        with self._clock._lock:
            self._clock._wake()


class StuckError(AssertionError):
    """All threads wait, and none of them has a deadline: nothing can ever happen again."""


@dataclass(slots=True)
class _Waiter:
    """A thread that waits until ``ready``, or until ``deadline`` (s); ``wake`` is notified when that may be so."""

    ready: Callable[[], bool]
    deadline: float | None
    wake: threading.Condition

    def is_due(self, now: float) -> bool:
        return self.ready() or (self.deadline is not None and self.deadline <= now)


class VirtualClock:
    """Time that passes only while every thread waits, including the thread that creates the clock.

    Args:
        start: the initial time, s.
        patience: real seconds after which waiting threads give up, so that a faulty test cannot hang forever.
    """

    def __init__(self, start: float = 1000.0, patience: float = 60.0) -> None:
        self._lock = threading.RLock()
        self._now = start
        self._patience = patience
        self._working = 1
        self._ended: weakref.WeakSet[threading.Thread] = weakref.WeakSet()
        self._waiting: dict[int, _Waiter] = {}

    def now(self) -> float:
        """The current time, s."""
        return self._now

    def signal(self) -> Signal:
        """A new place to wait."""
        return _VirtualSignal(self)

    def thread(self, run: Callable[[], None], name: str) -> threading.Thread:
        """A daemon thread; while it works, time stands still. It counts as working as soon as it is created."""

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
        """Wait until the thread ends or ``timeout`` seconds pass; return True if it ended."""
        ended = self._wait(lambda: thread in self._ended, timeout)
        if ended:
            thread.join()
        return ended

    def _wait(self, ready: Callable[[], bool], timeout: float | None) -> bool:
        me = threading.get_ident()
        with self._lock:
            deadline = None if timeout is None else self._now + timeout
            waiter = _Waiter(ready, deadline, threading.Condition(self._lock))
            self._working -= 1
            self._waiting[me] = waiter
            given_up = time.monotonic() + self._patience
            try:
                while not waiter.is_due(self._now):
                    self._settle()
                    if waiter.is_due(self._now):
                        break
                    waiter.wake.wait(0.5)
                    if time.monotonic() > given_up:
                        raise StuckError(f"no event for {self._patience} s")
                return ready()
            finally:
                del self._waiting[me]
                self._working += 1

    def _wake(self) -> bool:
        """Wake the threads that need not wait any more, and no other; whether there are any."""
        due = [waiter for waiter in self._waiting.values() if waiter.is_due(self._now)]
        for waiter in due:
            waiter.wake.notify()
        return bool(due)

    def _settle(self) -> None:
        """Jump to the next deadline if every thread waits and none of them is ready."""
        if self._wake() or self._working:
            return
        deadlines = [waiter.deadline for waiter in self._waiting.values() if waiter.deadline is not None]
        if deadlines:
            self._now = min(deadlines)
            self._wake()
