"""The thread that every worker of the recorder is, and what all of them share."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass, field

from capture.clock import Clock
from capture.live.recording_time import RecordingTime
from capture.live.settings import START_MARGIN
from capture.sources import Image
from timeline import FloatArray, log_error


@dataclass(frozen=True, slots=True)
class MaskedPicture:
    """A picture for the encoder: its second of the recording, and the clock's time when it arrived."""

    t: float
    image: Image
    since: float


Written = MaskedPicture | FloatArray


@dataclass(slots=True)
class SharedState:
    """What all threads of one recording share."""

    clock: Clock
    ledger: RecordingTime
    awaited: set[str]
    stop_at: float = math.inf
    error: BaseException | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def arrived(self, name: str) -> None:
        """Note that a source has delivered something; once all have, the recording begins."""
        if self.ledger.begun:
            return
        with self.lock:
            self.awaited.discard(name)
            if not self.awaited and self.stop_at == math.inf:
                self.ledger.begin(self.clock.now() + START_MARGIN)

    def fail(self, error: BaseException) -> None:
        """End the recording because of an error; the first one counts."""
        with self.lock:
            self.error = self.error or error


class Worker:
    """A thread. ``doing`` and ``since`` tell the watchdog what it does, and since when."""

    def __init__(self, shared: SharedState, name: str) -> None:
        self.shared, self.name = shared, name
        self.doing, self.since = "", math.inf
        self.ended = False
        self.taken = 0
        """Number of items taken in; while it grows, the thread makes progress."""
        self.cpu = 0.0
        self.thread = shared.clock.thread(self._main, f"record-{name}")

    def at(self, what: str) -> None:
        """Note what the thread does now."""
        self.doing, self.since = what, self.shared.clock.now()

    def idle(self) -> None:
        """Note that it waits for work."""
        self.since = math.inf

    def busy(self, now: float) -> float:
        """Seconds it has been busy with the same thing; 0 while it waits."""
        return max(0.0, now - self.since)

    def _main(self) -> None:
        try:
            self.work()
        except BaseException as error:
            log_error("a recording thread ended early", error)
            self.shared.fail(error)
        finally:
            self.idle()
            self.cpu = time.thread_time()
            try:
                self.leave()
            except BaseException as error:
                log_error("a recording thread did not end cleanly", error)
                self.shared.fail(error)
            self.ended = True

    def work(self) -> None:
        """What the thread does until its stream ends."""
        raise NotImplementedError

    def leave(self) -> None:
        """Pass the end of the stream on, whatever happened."""
