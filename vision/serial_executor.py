"""Running calls in order, one at a time, in their own thread: the result does not depend on timing."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

WAITING_CALLS = 32
"""Calls that may wait: enough for the thread never to run dry, few enough that the crops they hold take some MB."""


class SerialExecutor:
    """A queue of calls and the thread that runs them, as a context manager.

    Leaving it normally waits for all calls; leaving it by an exception drops those that have not begun.
    """

    def __init__(self, name: str, limit: int = WAITING_CALLS) -> None:
        """``limit``: calls that may wait before :meth:`do` blocks, so that memory stays bounded."""
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._limit = limit
        self._waiting: deque[Future[None]] = deque()

    def do(self, call: Callable[[], None]) -> None:
        """Run ``call`` after all calls before it. Raises what an earlier one raised."""
        while self._waiting and (self._waiting[0].done() or len(self._waiting) >= self._limit):
            self._waiting.popleft().result()
        self._waiting.append(self._pool.submit(call))

    def finish(self) -> None:
        """Wait until all calls are done. Raises what one of them raised."""
        while self._waiting:
            self._waiting.popleft().result()

    def __enter__(self) -> SerialExecutor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=kind is not None)
        if kind is None:
            self.finish()
