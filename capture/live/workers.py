"""The recorder's threads: each takes from one place, does one thing, and hands on.

``picture`` and ``sound`` read their sources, ``mask`` feeds the masking stage, ``encode`` writes. The end of a stream
and its errors travel as messages (:class:`capture.live.queues.End`), so that everything that waits is still written.
"""

from __future__ import annotations

import math
import threading
import time
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from capture.clock import Clock
from capture.live.drift import DriftCorrector
from capture.live.frame_guard import FrameGuard
from capture.live.protocols import PictureStage, SoundStage, SpoolWriter
from capture.live.queues import End, Mailbox
from capture.live.recording_time import RecordingTime
from capture.live.report import RateMeter
from capture.sources import Image, PictureSource, SoundSource
from capture.writing.fragmented_mp4 import FragmentWriter
from timeline import FloatArray, failure, log_error

START_MARGIN = 0.1
"""Seconds after all sources have begun at which the recording does: what is on its way by then is not missed."""

Taken = tuple[float, Image]
Written = tuple[float, Image] | FloatArray


@dataclass(slots=True)
class Shared:
    """What all threads of one recording share."""

    clock: Clock
    ledger: RecordingTime
    awaited: set[str]
    stop_at: float = math.inf
    error: BaseException | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def arrived(self, name: str) -> None:
        """A source has given something; once all have, the recording begins."""
        if self.ledger.begun:
            return
        with self.lock:
            self.awaited.discard(name)
            if not self.awaited and self.stop_at == math.inf:
                self.ledger.begin(self.clock.now() + START_MARGIN)

    def fail(self, error: BaseException) -> None:
        """Something that the recording cannot go on with; the first one counts."""
        with self.lock:
            self.error = self.error or error


class Worker:
    """One thread. ``doing`` and ``since`` tell the watchdog what it is at, and since when."""

    def __init__(self, shared: Shared, name: str) -> None:
        self.shared, self.name = shared, name
        self.doing, self.since = "", math.inf
        self.ended = False
        self.cpu = 0.0
        self.thread = shared.clock.thread(self._main, f"record-{name}")

    def at(self, what: str) -> None:
        """Say what it does now."""
        self.doing, self.since = what, self.shared.clock.now()

    def idle(self) -> None:
        """It waits for work."""
        self.since = math.inf

    def busy(self, now: float) -> float:
        """For how many seconds it has been at the same thing; 0 where it waits."""
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
        """Hand the end on, whatever happened."""


class PictureReader(Worker):
    """Camera to masking stage."""

    def __init__(self, shared: Shared, source: PictureSource, gate: FrameGuard, out: Mailbox[Taken]) -> None:
        super().__init__(shared, "picture")
        self.source, self.gate, self.out = source, gate, out
        self.rate = RateMeter()
        self.last = -math.inf

    def work(self) -> None:
        """See :class:`Worker`."""
        while True:
            self.at("reading")
            item = self.source.read()
            if item is None or item[0] >= self.shared.stop_at:
                return
            self.shared.arrived(self.name)
            second = self.shared.ledger.recorded(item[0])
            if second is None or second <= self.last:
                continue
            self.last = second
            self.rate.add(self.shared.clock.now())
            self.gate.entered(second)
            self.out.put((second, item[1]), droppable=True)

    def leave(self) -> None:
        """See :class:`Worker`."""
        self.out.end()
        self.source.close()


class MaskFeeder(Worker):
    """Pictures through the masking stage to the gate."""

    def __init__(
        self, shared: Shared, stage: PictureStage, gate: FrameGuard, inbox: Mailbox[Taken], out: Mailbox[Written]
    ) -> None:
        super().__init__(shared, "mask")
        self.stage, self.gate, self.inbox, self.out = stage, gate, inbox, out

    def _second(self) -> float:
        return self.shared.ledger.elapsed(self.shared.clock.now())

    def work(self) -> None:
        """See :class:`Worker`. Nothing that the stage raises ends the recording."""
        while not isinstance(item := self.inbox.get(), End):
            assert item is not None
            self.at("masking")
            try:
                given = self.stage.push(*item)
                self.gate.accept(self._second(), given)
            except Exception as error:
                log_error("a picture was not masked", error)
                self.gate.failed(self._second(), failure("the masking", error))
            del item
            self.idle()
        self.at("flushing")
        try:
            self.gate.accept(self._second(), self.stage.flush())
        except Exception as error:
            log_error("the last pictures were not masked", error)
            self.gate.failed(self._second(), failure("the masking", error))

    def leave(self) -> None:
        """See :class:`Worker`."""
        self.gate.end()
        self.out.end()


class SoundReader(Worker):
    """Microphone to spool, converter and encoder."""

    def __init__(
        self,
        shared: Shared,
        source: SoundSource,
        rate: int,
        out: Mailbox[Written],
        convert: SoundStage | None,
        spool: SpoolWriter | None,
        written: bool,
        delay: float = 0.0,
    ) -> None:
        super().__init__(shared, "sound")
        self.source, self.out, self.convert, self.spool, self.written = source, out, convert, spool, written
        self.drift, self.delay = DriftCorrector(rate), delay
        self.level = 0.0
        self.samples = 0  # of the recording
        self._grid = 0  # of the corrected stream
        self._skip = convert.delay if convert is not None else 0

    def work(self) -> None:
        """See :class:`Worker`."""
        while True:
            self.at("reading")
            item = self.source.read()
            if item is None or item[0] >= self.shared.stop_at:
                break
            self.shared.arrived(self.name)
            self.at("sound")
            self._take(self.drift(item[0] - self.delay, item[1]))
        self._take(self.drift.flush())

    def _take(self, block: FloatArray) -> None:
        """What of the block is recorded; its samples lie on one grid of the clock, without gaps."""
        rate, first = self.drift.rate, self._grid
        self._grid += len(block)
        if not len(block):
            return
        origin = self.drift.origin
        for start, end, second in self.shared.ledger.parts(origin + first / rate, origin + self._grid / rate):
            left, right = (math.ceil((t - origin) * rate - 1e-3) - first for t in (start, end))
            part = block[max(0, left) : max(0, right)]
            missing = round(second * rate) - self.samples
            if missing > 1:  # the microphone began late, or a pause fell between two samples
                self._give(np.zeros(missing, np.float32))
            self._give(part)

    def _give(self, block: FloatArray) -> None:
        self.samples += len(block)
        self.level = max(0.9 * self.level, float(np.abs(block).max(initial=0.0)))
        if self.spool is not None:
            self.spool.write(block)
        if self.written and len(block):
            self._put(self.convert(block) if self.convert is not None else block)

    def _put(self, block: FloatArray) -> None:
        skip = min(self._skip, len(block))
        self._skip -= skip
        if skip < len(block):
            self.out.put(block[skip:])

    def leave(self) -> None:
        """See :class:`Worker`."""
        try:
            if self.spool is not None:
                self.spool.close()
            if self.convert is not None and self.written:
                self._put(self.convert.flush())
        finally:
            self.out.end()
            self.source.close()


class FileWriter(Worker):
    """Everything into the file, until all its streams have ended."""

    def __init__(
        self,
        shared: Shared,
        writer: FragmentWriter,
        inbox: Mailbox[Written],
        streams: int,
        show: Callable[[Image], None] | None = None,
    ) -> None:
        super().__init__(shared, "encode")
        self.writer, self.inbox, self.streams, self.show = writer, inbox, streams, show
        self.times = array("d")  # of the pictures that were written
        self.rate = RateMeter()
        self.latencies: list[float] = []
        self.broken: BaseException | None = None
        self._safe = 0.0

    def work(self) -> None:
        """See :class:`Worker`."""
        left = self.streams
        while left:
            item = self.inbox.get()
            if isinstance(item, End):
                left -= 1
            elif item is not None and self.broken is None:
                self.at("writing")
                self._write(item)
                self.idle()
        self.at("finishing")

    def _write(self, item: Written) -> None:
        try:
            if isinstance(item, tuple):
                t, image = item
                if not self.times and not self.writer.has_sound:
                    t = 0.0  # players count from the first picture where there is no sound
                self.writer.add_picture(t, image)
                self.times.append(t)
                self._shown(image)
                now = self.shared.clock.now()
                self.rate.add(now)
                if self.writer.safe > self._safe:
                    self._safe = self.writer.safe
                    if len(self.latencies) < 100_000:
                        self.latencies.append(self.shared.ledger.elapsed(now) - self._safe)
            else:
                self.writer.add_sound(item)
        except Exception as error:
            # What was written stays playable; what still comes is taken and thrown away, so that nobody waits.
            log_error("the recording cannot be written", error)
            self.broken = error
            self.shared.fail(error)

    def _shown(self, image: Image) -> None:
        if self.show is not None:
            try:
                self.show(image)
            except Exception as error:  # a view that fails must not cost the meeting
                log_error("the preview failed", error)
                self.show = None

    def leave(self) -> None:
        """See :class:`Worker`."""
        self.writer.finish()
