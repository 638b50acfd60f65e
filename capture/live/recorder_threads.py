"""The recorder's threads: each takes from one place, does one thing, and passes the result on.

``picture`` and ``sound`` (:mod:`capture.live.sound_threads`) read their sources, ``mask`` feeds the masking stage,
``encode`` writes, and ``disk`` flushes the files. The end of a stream and its errors travel as messages
(:class:`capture.live.queues.End`), so that everything that waits is still written.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Sequence

from capture.live.frame_guard import FrameGuard
from capture.live.protocols import PictureStage
from capture.live.queues import End, Mailbox
from capture.live.report import RateMeter
from capture.live.settings import LATENCIES, OVERDUE, SYNC, WORKER_LATE
from capture.live.worker import MaskedPicture, SharedState, Worker, Written
from capture.sources import Image, PictureSource
from capture.writing.fragmented_mp4 import FragmentWriter
from timeline import failure, log_error

Taken = tuple[float, Image]


class PictureReader(Worker):
    """Reads the camera and passes pictures to the masking stage.

    Attributes:
        missed: pictures of the recording that the camera lost because nobody read them in time.
        every: pass on one of so many pictures.
        spaced: pictures left out for that.
    """

    def __init__(
        self, shared: SharedState, source: PictureSource, period: float, gate: FrameGuard, out: Mailbox[Taken]
    ) -> None:
        super().__init__(shared, "picture")
        self.source, self.gate, self.out = source, gate, out
        self.rate = RateMeter()
        self.last = -math.inf
        self.missed = self.spaced = 0
        self.every = 1
        self._turn = 0
        self._period = period

    def work(self) -> None:
        """See :class:`Worker`."""
        while True:
            self.at("reading")
            asked = self.since
            item = self.source.read()
            if item is None or item[0] >= self.shared.stop_at:
                if item is not None:
                    self._miss(asked, self.shared.ledger.elapsed(self.shared.stop_at))
                return
            self.taken += 1
            self.shared.arrived(self.name)
            second = self.shared.ledger.recorded(item[0])
            if second is None or second <= self.last:
                continue
            self._miss(asked, second)
            self.last = second
            self.rate.add(self.shared.clock.now())
            self._turn = (self._turn + 1) % self.every
            if self._turn:
                self.spaced += 1
                continue
            self.gate.entered(second)
            self.out.put((second, item[1]), droppable=True)

    def _miss(self, asked: float, second: float) -> None:
        """Count the pictures missed between the last one and ``second``, unless the reader waited for the camera."""
        due = max(self.last, -self._period) + WORKER_LATE * self._period
        if second > due and self.shared.ledger.elapsed(asked) > due:
            self.missed += round((second - due) / self._period + WORKER_LATE) - 1

    def left_behind(self, second: float) -> None:
        """Count what was not read up to ``second`` as missed: nobody waits for this reader any longer."""
        self._miss(math.inf, second)

    def leave(self) -> None:
        """See :class:`Worker`."""
        self.out.end()
        self.source.close()


class MaskFeeder(Worker):
    """Passes pictures through the masking stage to the guard."""

    def __init__(
        self, shared: SharedState, stage: PictureStage, gate: FrameGuard, inbox: Mailbox[Taken], out: Mailbox[Written]
    ) -> None:
        super().__init__(shared, "mask")
        self.stage, self.gate, self.inbox, self.out = stage, gate, inbox, out

    def _second(self) -> float:
        return self.shared.ledger.elapsed(self.shared.clock.now())

    def work(self) -> None:
        """See :class:`Worker`. An exception in the stage never ends the recording."""
        while not isinstance(item := self.inbox.get(), End):
            assert item is not None
            self.taken += 1
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


class FileWriter(Worker):
    """Writes everything into the file until all its streams have ended."""

    def __init__(
        self,
        shared: SharedState,
        writer: FragmentWriter,
        inbox: Mailbox[Written],
        streams: int,
        show: Callable[[Image], None] | None = None,
    ) -> None:
        super().__init__(shared, "encode")
        self.writer, self.inbox, self.streams, self.show = writer, inbox, streams, show
        self.times = array("d")  # seconds of the pictures that were written
        self.rate = RateMeter()
        self.latencies: list[float] = []
        self.overdue = 0  # pictures left out because they waited too long
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
                self.taken += 1
                self.at("writing")
                self._write(item)
                self.idle()
        self.at("finishing")

    def _write(self, item: Written) -> None:
        try:
            if not isinstance(item, MaskedPicture):
                self.writer.add_sound(item)
            elif self._overdue(item):
                self.overdue += 1
            else:
                self._picture(item.t, item.image)
        except Exception as error:
            # What was written stays playable; what still comes is discarded, so that nobody waits.
            log_error("the recording cannot be written", error)
            self.broken = error
            self.shared.fail(error)

    def _overdue(self, item: MaskedPicture) -> bool:
        """Whether to leave a picture out; never the newest, or a machine that is always late would write none."""
        late = self.shared.clock.now() - item.since > OVERDUE
        return late and self.shared.stop_at == math.inf and self.inbox.holds(MaskedPicture)

    def _picture(self, t: float, image: Image) -> None:
        if not self.times and not self.writer.has_sound:
            t = 0.0  # without sound, players count from the first picture
        self.writer.add_picture(t, image)
        self.times.append(t)
        self._shown(image)
        now = self.shared.clock.now()
        self.rate.add(now)
        if self.writer.safe > self._safe:
            self._safe = self.writer.safe
            if len(self.latencies) < LATENCIES:
                self.latencies.append(self.shared.ledger.elapsed(now) - self._safe)

    def _shown(self, image: Image) -> None:
        if self.show is not None:
            try:
                self.show(image)
            except Exception as error:  # a preview that fails must not cost the meeting
                log_error("the preview failed", error)
                self.show = None

    def leave(self) -> None:
        """See :class:`Worker`."""
        self.writer.finish()


class DiskSync(Worker):
    """Flushes the files to the disk at regular times, so that fast writers need not wait for a slow disk."""

    def __init__(self, shared: SharedState, syncs: Sequence[Callable[[], None]]) -> None:
        super().__init__(shared, "disk")
        self._syncs = syncs
        self._over = False
        self._wake = shared.clock.signal()

    def work(self) -> None:
        """See :class:`Worker`."""
        while not self._wake.wait_for(lambda: self._over, SYNC):
            for sync in self._syncs:
                sync()

    def end(self) -> None:
        """Stop: nothing more will be written."""
        self._over = True
        self._wake.notify()
