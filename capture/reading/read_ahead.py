"""Reading from the decoding child ahead of the user of the pictures.

A pipe holds less than one picture, so a child whose parent is busy with one picture waits before it decodes the next.
A thread that takes pictures off the pipe lets both work at the same time.
"""

from __future__ import annotations

import queue
import threading
from types import TracebackType

from capture.reading.child_process import Child, Message
from capture.reading.settings import AHEAD_BYTES, DRAIN_TICK, MOST_AHEAD


class ReadAhead:
    """A child's messages, read by a thread; a context manager that ends both the child and the thread.

    Args:
        child: nobody else may read from it.
        size: bytes of one message; messages of up to :data:`AHEAD_BYTES` in all are held, but 1 to :data:`MOST_AHEAD`.
        last: the kind of message after which there is none.
    """

    def __init__(self, child: Child, size: int, last: bytes) -> None:
        self._child, self._last = child, last
        self._queue: queue.Queue[Message | BaseException] = queue.Queue(
            max(1, min(MOST_AHEAD, AHEAD_BYTES // max(1, size)))
        )
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="read", daemon=True)

    def message(self) -> Message:
        """The next message. Raises what :meth:`Child.message` raises, after all messages before that."""
        item = self._queue.get()
        if isinstance(item, BaseException):
            raise item
        return item

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                message = self._child.message()
                self._queue.put(message)
                if message.kind == self._last:
                    return
        except BaseException as error:
            self._queue.put(error)

    def __enter__(self) -> ReadAhead:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._child.kill()  # ends whatever the thread waits for
        while self._thread.is_alive():
            try:
                self._queue.get(timeout=DRAIN_TICK)
            except queue.Empty:
                continue
        self._child.close()
