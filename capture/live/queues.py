"""The bounded queues between the recorder's threads, and what happens when they are full.

Pictures may be dropped, oldest first, and are counted. Everything else (sound, and the messages that end a stream) is
never dropped: if too much of it waits, the recording ends with an error.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from capture.clock import Clock
from capture.live.settings import WAITING_ITEMS
from timeline import OutputError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class End:
    """The last message of a stream; ``error`` is what ended it, if anything did."""

    error: BaseException | None = None


class Mailbox(Generic[T]):
    """A queue that many threads fill and one empties.

    Args:
        clock: the recorder's.
        name: for messages and statistics.
        pictures: number of droppable items that may wait.
        others: number of other items that may wait.
        dropped: called with each dropped item, in the thread that called :meth:`put`.
    """

    def __init__(
        self,
        clock: Clock,
        name: str,
        pictures: int,
        others: int = WAITING_ITEMS,
        dropped: Callable[[T], None] | None = None,
    ) -> None:
        self.name = name
        self.dropped = 0
        self.deepest = 0
        self._most, self._most_others = pictures, others
        self._on_drop = dropped
        self._items: deque[tuple[bool, T | End]] = deque()
        self._droppable = 0
        self._lock = threading.Lock()
        self._signal = clock.signal()

    def __len__(self) -> int:
        return len(self._items)

    def holds(self, kind: type) -> bool:
        """Whether an item of ``kind`` waits."""
        with self._lock:
            return any(isinstance(item, kind) for _, item in self._items)

    def put(self, item: T, droppable: bool = False) -> None:
        """Add an item; if too many droppable items wait, drop the oldest of them.

        Raises:
            OutputError: too many items wait that must not be dropped: the thread that empties the queue has stopped.
        """
        lost: T | None = None
        with self._lock:
            if not droppable and len(self._items) - self._droppable >= self._most_others:
                raise OutputError(
                    f"the recorder cannot keep up: too much sound is waiting for {self.name}",
                    "close other programs, or record a smaller picture",
                )
            self._items.append((droppable, item))
            self._droppable += droppable
            if self._droppable > self._most:
                lost = self._drop_oldest()
            self.deepest = max(self.deepest, len(self._items))
        self._signal.notify()
        if lost is not None and self._on_drop is not None:
            self._on_drop(lost)

    def _drop_oldest(self) -> T | None:
        for i, (droppable, item) in enumerate(self._items):
            if droppable:
                del self._items[i]
                self._droppable -= 1
                self.dropped += 1
                assert not isinstance(item, End)
                return item
        return None

    def end(self, error: BaseException | None = None) -> None:
        """Add the last message, after everything that waits."""
        with self._lock:
            self._items.append((False, End(error)))
        self._signal.notify()

    def get(self, timeout: float | None = None) -> T | End | None:
        """The next item; None if none comes within ``timeout`` seconds."""
        if not self._signal.wait_for(lambda: bool(self._items), timeout):
            return None
        with self._lock:
            droppable, item = self._items.popleft()
            self._droppable -= droppable
            return item
