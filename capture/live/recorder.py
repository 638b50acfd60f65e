"""The live recorder: joins sources, masking, sound and file, watches them, and always ends in a finished file."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np

from capture.clock import Clock, RealClock
from capture.live.overload import OverloadWatch, Progress
from capture.live.picture_rate import PictureRate
from capture.live.pipeline import PipelineParts, RecordingPipeline
from capture.live.recording_time import RecordingTime
from capture.live.report import RecordingReport, RecordingStatus
from capture.live.settings import STALLED, TICK, WATCH_SECONDS
from capture.live.watchdog import Watchdog
from capture.live.worker import SharedState
from capture.writing.fragmented_mp4 import publish
from timeline import DeviceError, DiscreetError, InputError, OutputError, log_error


class Recorder:
    """Records one meeting. Create it and call :meth:`run` once; the other methods may be called from any thread.

    Args:
        target: the file, ``.mp4``; during the recording, ``NAME.recording.mp4`` grows beside it.
        parts: what the recorder needs. It takes them over and closes the sources at the end.
        duration: seconds after which the recording ends.
        clock: the system's, or a virtual one.
        finish: makes the finished file from the growing one.

    Raises:
        OutputError: the target does not end in ``.mp4``, or exists already.
    """

    def __init__(
        self,
        target: Path,
        parts: PipelineParts,
        *,
        duration: float = math.inf,
        clock: Clock | None = None,
        finish: Callable[[Path, Path], None] = publish,
    ) -> None:
        self.settings = parts.settings
        self._parts = parts
        if target.suffix.lower() != ".mp4":
            raise OutputError(f"{target}: recordings end in .mp4", "use another file name extension")
        if target.exists():
            raise OutputError(f"{target} already exists", "choose another name")
        self.target = target
        self.clock: Clock = clock or RealClock()
        self.notes: list[str] = []
        self._finish_file = finish
        self._ledger = RecordingTime(duration)
        self._stop = False
        self._pause_wanted = False
        self._shared = SharedState(
            self.clock,
            self._ledger,
            {name for name, s in (("picture", parts.pictures), ("sound", parts.sound)) if s is not None},
        )
        self._dog = Watchdog(self._shared, target, self.settings)
        self._wake = self.clock.signal()
        self._chain: RecordingPipeline
        self._load: OverloadWatch
        self._overload = ""
        self._rate: PictureRate

    # -- from outside -------------------------------------------------------------------------------------------------

    def stop(self) -> None:
        """End the recording soon. Only sets a flag, so a signal handler may call it."""
        self._stop = True

    def pause(self, on: bool | None = None) -> None:
        """Pause (True), resume (False), or toggle (None). Only sets a flag."""
        self._pause_wanted = not self._pause_wanted if on is None else on

    def run(
        self, watch: Callable[[RecordingStatus], None] | None = None, every: float = WATCH_SECONDS
    ) -> RecordingReport:
        """Record until :meth:`stop` is called, the duration is over, the sources end, or something fails.

        Args:
            watch: called in this thread with a snapshot about every ``every`` seconds; if it raises, it is not called
                again.

        Returns:
            the report on the recording, which is finished and playable. ``error`` is what ended it unexpectedly.

        Raises:
            DiscreetError: it could not even begin; no file is left.
        """
        self._chain = RecordingPipeline(self.target, self._parts, self._shared, self.notes)
        self._load = OverloadWatch(self._chain.latency)
        self._rate = PictureRate(self._chain.picture.fps if self._chain.picture is not None else 0.0)
        self._chain.start()
        seen = -math.inf
        try:
            while not self._is_over():
                self._wake.wait_for(lambda: self._stop, TICK)
                now = self.clock.now()
                self._check_workers(now)
                if watch is not None and now - seen >= every:
                    seen = now
                    try:
                        watch(self.snapshot())
                    except Exception as error:  # a display that fails must not cost the meeting
                        log_error("the view of the recording failed", error)
                        watch = None
        except BaseException as error:  # Ctrl-C that nobody handles, or a bug of ours: finish all the same
            log_error("the recording ended early", error)
            self._shared.fail(error)
        return self._end()

    def snapshot(self) -> RecordingStatus:
        """The current status, for display."""
        now = self.clock.now()
        chain = self._chain
        gate, reader, listener = chain.gate, chain.reader, chain.listener
        try:
            free = shutil.disk_usage(self.target.parent).free / 1e6
        except OSError:
            free = 0.0
        return RecordingStatus(
            elapsed=self._ledger.elapsed(now),
            paused=self._ledger.paused,
            begun=self._ledger.begun,
            fps_in=reader.rate.per_second(now) if reader else 0.0,
            fps_out=chain.file.rate.per_second(now),
            frames=chain.file.rate.count,
            dropped=chain.dropped,
            overload=self._overload,
            every=self._rate.every,
            safe=chain.safe,
            covered=gate.hidden if gate else 0,
            covering=gate.covering if gate else "",
            queues={box.name: len(box) for box in chain.boxes},
            level=listener.level if listener else 0.0,
            ppm=listener.drift.clock.ppm if listener else 0.0,
            free_mb=free,
            stage=chain.status(),
        )

    # -- meanwhile ----------------------------------------------------------------------------------------------------

    def _is_over(self) -> bool:
        shared = self._shared
        if self._stop or shared.error is not None:
            return True
        return (
            all(w.ended for w in self._chain.readers) or self._ledger.elapsed(self.clock.now()) >= self._ledger.duration
        )

    def _check_workers(self, now: float) -> None:
        """Watch for workers that hang or are late, and for a full disk."""
        ledger = self._ledger
        chain = self._chain
        if chain.gate is not None:
            chain.gate.tick(ledger.elapsed(now))
        if ledger.begun and self._pause_wanted != ledger.paused:
            if self._pause_wanted:
                ledger.pause(now)
            else:
                ledger.begin(now)
        self._overload = self._load.look(self._progress(now))
        if chain.reader is not None and ledger.begun:
            late = bool(self._load.late) or chain.masks_late
            chain.reader.every = self._rate.look(ledger.elapsed(now), late)
        self._dog.look(now, ((chain.reader, "camera"), (chain.listener, "microphone")), chain.file)

    def _progress(self, now: float) -> Progress:
        chain, elapsed = self._chain, self._ledger.elapsed(now)
        waited = {r.name for r in chain.readers if r.doing == "reading" and r.busy(now) > STALLED}
        times = chain.file.times
        spaced = chain.spaced
        seen = chain.reader is not None and "picture" not in waited
        heard = chain.listener if "sound" not in waited else None
        return Progress(
            elapsed,
            chain.pictures - spaced,
            chain.dropped - spaced,
            (times[-1] if times else 0.0) if seen else None,
            heard.seconds if heard is not None else None,
        )

    # -- the end ------------------------------------------------------------------------------------------------------

    def _end(self) -> RecordingReport:
        chain, shared, now = self._chain, self._shared, self.clock.now()
        with shared.lock:
            shared.stop_at = now
        self._ledger.pause(now)
        written = chain.drain(self._ledger.elapsed(now))
        status, tracks = chain.status(), chain.tracks()
        chain.close_stage()
        path = self._publish(written)
        heard = chain.listener.drift if chain.listener else None
        result = RecordingReport(
            path=path,
            duration=self._ledger.elapsed(now),
            picture=chain.picture,
            rate=chain.rate,
            frames_in=chain.pictures,
            frames_out=chain.file.rate.count,
            dropped=chain.dropped,
            covered_frames=chain.gate.hidden if chain.gate else 0,
            covered=chain.gate.covered if chain.gate else [],
            ppm=heard.clock.ppm if heard else 0.0,
            gaps=heard.gaps if heard else 0,
            latencies=chain.file.latencies,
            times=np.array(chain.file.times, np.float64),
            cpu={worker.name: worker.cpu for worker in chain.workers},
            tracks=tracks,
            stage=status,
            notes=self.notes,
            error=shared.error,
        )
        if late := self._load.summary(chain.dropped, chain.pictures, chain.spaced):
            self.notes.append(late)
        if heard is not None and heard.gaps:
            self.notes.append(f"the microphone left sound out {heard.gaps} times; silence stands there")
        return result

    def _publish(self, written: bool) -> Path | None:
        growing = self._chain.file.writer.path
        if not written:
            self._shared.fail(OutputError(f"{growing}: writing has stalled", f"later: discreet recover '{growing}'"))
            return growing
        try:
            self._finish_file(growing, self.target)
            return self.target
        except InputError:
            growing.unlink(missing_ok=True)
            if self._stop and not self._ledger.begun:
                self.notes.append("it was ended before it began; nothing was recorded")
                return None
            self._shared.fail(DeviceError("nothing was recorded: the devices sent nothing", "see `discreet devices`"))
            return None
        except DiscreetError as error:
            self._shared.fail(error)
            return growing
