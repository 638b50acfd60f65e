"""Sound that is made in a thread of its own while pictures are written."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from typing import Any

from timeline import FloatArray


class SoundAhead:
    """Makes the sound in its own thread, a limited time ahead of the picture.

    Args:
        sound: blocks ``[n, channels]``, each with the time in s at which it begins.
        write: is given each block when its time has come.
    """

    def __init__(self, sound: Iterator[tuple[float, FloatArray]], write: Callable[[FloatArray], Any]) -> None:
        self._sound = sound
        self._write = write
        self._queue: queue.Queue[tuple[float, FloatArray] | BaseException | None] = queue.Queue(8)
        self._stop = threading.Event()
        self._ended = False
        self._next: tuple[float, FloatArray] | None = None
        self._thread = threading.Thread(target=self._run, name="sound", daemon=True)

    def __enter__(self) -> SoundAhead:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        while self._thread.is_alive():
            try:
                self._queue.get(timeout=0.05)
            except queue.Empty:
                continue

    def _run(self) -> None:
        end: BaseException | None = None
        try:
            for item in self._sound:
                self._queue.put(item)
                if self._stop.is_set():
                    break
        except BaseException as error:
            end = error
        self._queue.put(end)

    def until(self, t: float) -> None:
        """Write all sound that begins before ``t`` seconds. Raises what the thread raised."""
        while not self._ended:
            if self._next is None:
                item = self._queue.get()
                if item is None:
                    self._ended = True
                    return
                if isinstance(item, BaseException):
                    self._ended = True
                    raise item
                self._next = item
            start, block = self._next
            if start >= t:
                return
            self._write(block)
            self._next = None
