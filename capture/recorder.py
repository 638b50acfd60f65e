"""The live recorder: joins sources, masking, sound and file, watches them, and ends in a finished file in any case."""

from __future__ import annotations

import contextlib
import math
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np

from capture.fragments import FragmentWriter, publish
from capture.gate import Gate
from capture.info import Picture
from capture.ledger import Ledger
from capture.liveclock import Clock, RealClock
from capture.livesettings import LiveSettings
from capture.queues import Mailbox
from capture.recorded import Recorded, Snapshot
from capture.sources import Image, PictureSource, SoundSource
from capture.stages import PictureStage, SoundStage, SpoolWriter
from capture.watchdog import Watchdog
from capture.workers import FileWriter, MaskFeeder, PictureReader, Shared, SoundReader, Taken, Worker, Written
from timeline import DeviceError, DiscreetError, InputError, OutputError

TICK = 0.05
DRAIN = 1.0
"""Seconds after a stop in which sources may still give what was taken before it."""
JOIN = 5.0
SOUND_BLOCKS = 3000
"""Blocks of sound that may wait for the encoder: a minute of 20 ms blocks."""

MakeStage = Callable[[Picture], PictureStage]
MakeConverter = Callable[[int], SoundStage]
MakeSpool = Callable[[int], SpoolWriter]


class Recorder:
    """Records one meeting. Make it, :meth:`run` it once; the other methods may be called from any thread.

    Args:
        target: the file, ``.mp4``; beside it grows ``NAME.recording.mp4`` meanwhile.
        pictures, sound: where from; one of them may be None. Handed over: they are closed.
        stage: makes the masking stage for the pictures that the camera agreed to; handed over.
        settings: see there.
        convert: makes the converter for a sample rate; needed for ``settings.sound == "voice"``.
        spool: makes the spool for the unchanged sound; None for none.
        duration: seconds after which it ends by itself.
        comment: tag of the file.
        clock: the system's, or a virtual one.
        finish: makes the finished file from the growing one.
        show: called in the encoder's thread with every picture (BGR ``[H, W, 3]``) once it has been written; must
            return at once and leave the picture as it is.
    """

    def __init__(
        self,
        target: Path,
        pictures: PictureSource | None,
        sound: SoundSource | None,
        stage: MakeStage | None,
        settings: LiveSettings | None = None,
        *,
        convert: MakeConverter | None = None,
        spool: MakeSpool | None = None,
        duration: float = math.inf,
        comment: str = "discreet",
        clock: Clock | None = None,
        finish: Callable[[Path, Path], None] = publish,
        show: Callable[[Image], None] | None = None,
    ) -> None:
        self.settings = settings or LiveSettings()
        if pictures is None and (sound is None or self.settings.sound == "none"):
            raise ValueError("nothing to record")
        if pictures is not None and stage is None:
            raise ValueError("pictures are not recorded without a masking stage")
        if sound is not None and self.settings.sound == "voice" and convert is None:
            raise ValueError("no converter for the sound")
        if target.suffix.lower() != ".mp4":
            raise OutputError(f"{target}: recordings are .mp4", "choose another ending")
        if target.exists():
            raise OutputError(f"{target} is there already", "choose another name")
        self.target = target
        self.clock: Clock = clock or RealClock()
        self.notes: list[str] = []
        self._sources = pictures, sound
        self._make = stage, convert, spool
        self._finish_file, self._comment, self._show = finish, comment, show
        self._ledger = Ledger(duration)
        self._stop = False
        self._pause_wanted = False
        self._shared = Shared(
            self.clock, self._ledger, {name for name, s in (("picture", pictures), ("sound", sound)) if s is not None}
        )
        self._dog = Watchdog(self._shared, target, self.settings)
        self._wake = self.clock.signal()
        self._workers: list[Worker] = []
        self._reader: PictureReader | None = None
        self._listener: SoundReader | None = None
        self._gate: Gate | None = None
        self._stage: PictureStage | None = None
        self._picture: Picture | None = None
        self._rate = 0
        self._opened = 0.0

    # -- from outside -------------------------------------------------------------------------------------------------

    def stop(self) -> None:
        """End the recording soon. Only sets a mark, so that a signal handler may call it."""
        self._stop = True

    def pause(self, on: bool | None = None) -> None:
        """Pause (True), go on (False), or the other of both (None). Only sets a mark."""
        self._pause_wanted = not self._pause_wanted if on is None else on

    def run(self, watch: Callable[[Snapshot], None] | None = None, every: float = 0.25) -> Recorded:
        """Record until somebody stops it, the duration is over, the sources end, or something fails.

        Args:
            watch: called in this thread with a snapshot about every ``every`` seconds; its errors are let pass.

        Returns:
            what was recorded, finished and playable; ``error`` says what ended it where nobody asked for it.

        Raises:
            DiscreetError: it could not even begin; nothing is left.
        """
        self._begin()
        seen = -math.inf
        try:
            while not self._over():
                self._wake.wait_for(lambda: self._stop, TICK)
                now = self.clock.now()
                self._look_after(now)
                if watch is not None and now - seen >= every:
                    seen = now
                    try:
                        watch(self.snapshot())
                    except Exception:  # a view that fails must not cost the meeting
                        watch = None
        except BaseException as error:  # Ctrl-C where nobody handles it, a fault of our own: finish all the same
            self._shared.fail(error)
        return self._end()

    def snapshot(self) -> Snapshot:
        """How it goes, for whoever watches."""
        now = self.clock.now()
        gate, reader, listener = self._gate, self._reader, self._listener
        try:
            free = shutil.disk_usage(self.target.parent).free / 1e6
        except OSError:
            free = 0.0
        return Snapshot(
            elapsed=self._ledger.elapsed(now),
            paused=self._ledger.paused,
            begun=self._ledger.begun,
            fps_in=reader.rate.per_second(now) if reader else 0.0,
            fps_out=self._file.rate.per_second(now),
            frames=self._file.rate.count,
            dropped=self._dropped(),
            covered=gate.hidden if gate else 0,
            covering=gate.covering if gate else "",
            queues={box.name: len(box) for box in self._boxes},
            level=listener.level if listener else 0.0,
            ppm=listener.drift.clock.ppm if listener else 0.0,
            free_mb=free,
            stage=self._status(),
        )

    # -- beginning ----------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        pictures, sound = self._sources
        make_stage, make_convert, make_spool = self._make
        settings, shared = self.settings, self._shared
        writer: FragmentWriter | None = None
        try:
            if sound is not None:
                heard = sound.open()
                self._rate = heard.rate
                self._note(heard.note)
            if pictures is not None:
                seen = pictures.open()
                self._picture = seen.picture
                self._note(seen.note)
                assert make_stage is not None
                self._stage = make_stage(seen.picture)
            self._boxes: list[Mailbox[Taken] | Mailbox[Written]] = []
            written = sound is not None and settings.sound != "none"
            spool = make_spool(self._rate) if make_spool is not None and sound is not None else None
            writer = FragmentWriter(
                self.target, self._picture, self._rate if written else None, settings, self._comment
            )
            burst = 0  # at the end the stage gives all of its delay line at once
            if self._stage is not None and self._picture is not None:
                burst = math.ceil(self._stage.latency * self._picture.fps) + 1
            outbox: Mailbox[Written] = Mailbox(self.clock, "the encoder", settings.queue_pictures + burst, SOUND_BLOCKS)
            self._outbox = outbox
            streams = (pictures is not None) + (sound is not None)
            self._file = FileWriter(shared, writer, outbox, streams, self._show)
            if pictures is not None and self._picture is not None and self._stage is not None:
                gate = self._gate = Gate(
                    self._picture.width,
                    self._picture.height,
                    self._stage.latency,
                    settings.limit,
                    settings.recovery,
                    lambda t, image, droppable: outbox.put((t, image), droppable),
                )
                inbox: Mailbox[Taken] = Mailbox(
                    self.clock, "masking", settings.queue_pictures, dropped=lambda item: gate.drop(item[0])
                )
                self._inbox = inbox
                self._boxes.append(inbox)
                self._reader = PictureReader(shared, pictures, gate, inbox)
                self._feeder = MaskFeeder(shared, self._stage, gate, inbox, outbox)
                self._workers += [self._reader, self._feeder]
            if sound is not None:
                convert = make_convert(self._rate) if make_convert is not None and settings.sound == "voice" else None
                self._listener = SoundReader(
                    shared, sound, self._rate, outbox, convert, spool, written, settings.sound_delay
                )
                self._workers.append(self._listener)
            self._boxes.append(outbox)
            self._workers.append(self._file)
        except BaseException:
            for source in self._sources:
                if source is not None:
                    source.close()
            if self._stage is not None:
                self._stage.close()
            if writer is not None:
                with contextlib.suppress(Exception):
                    writer.finish()
                writer.path.unlink(missing_ok=True)
            raise
        self._opened = self.clock.now()
        for worker in self._workers:
            worker.thread.start()

    def _note(self, text: str) -> None:
        if text:
            self.notes.append(text)

    # -- meanwhile ----------------------------------------------------------------------------------------------------

    def _over(self) -> bool:
        shared = self._shared
        if self._stop or shared.error is not None:
            return True
        readers = [w for w in (self._reader, self._listener) if w is not None]
        return all(w.ended for w in readers) or self._ledger.elapsed(self.clock.now()) >= self._ledger.duration

    def _look_after(self, now: float) -> None:
        """The watchdog: who hangs, what is late, whether there is room."""
        ledger = self._ledger
        if self._gate is not None:
            self._gate.tick(ledger.elapsed(now))
        if ledger.begun and self._pause_wanted != ledger.paused:
            if self._pause_wanted:
                ledger.pause(now)
            else:
                ledger.begin(now)
        self._dog.look(now, ((self._reader, "camera"), (self._listener, "microphone")), self._file)

    def _status(self) -> dict[str, float | int | str]:
        try:
            return dict(self._stage.status()) if self._stage is not None else {}
        except Exception as error:  # a status is not worth a meeting
            return {"notice": f"no status ({type(error).__name__})"}

    def _dropped(self) -> int:
        return (self._gate.dropped if self._gate else 0) + self._outbox.dropped

    # -- the end ------------------------------------------------------------------------------------------------------

    def _end(self) -> Recorded:
        clock, shared, gate = self.clock, self._shared, self._gate
        now = clock.now()
        with shared.lock:
            shared.stop_at = now
        self._ledger.pause(now)
        readers = [worker for worker in (self._reader, self._listener) if worker is not None]
        for reader in readers:
            if not clock.join(reader.thread, DRAIN):
                threads = [clock.thread(source.close, "close") for source in self._sources if source is not None]
                for thread in threads:  # a driver may hang in closing, too
                    thread.start()
                for thread in threads:
                    clock.join(thread, JOIN)
        for reader in readers:
            if not clock.join(reader.thread, JOIN):
                self.notes.append(f"the {reader.name} source hung and was left behind")
                reader.out.end()
        if gate is not None and self._stage is not None:
            patience = self._stage.latency + self.settings.limit + JOIN
            if not clock.join(self._feeder.thread, patience):
                self._close_stage()
                if not clock.join(self._feeder.thread, JOIN):
                    self.notes.append("the masking hung and was left behind")
                    gate.end()
                    self._outbox.end()
        written = clock.join(self._file.thread, self.settings.hang_seconds + JOIN)
        tracks, status = [], self._status()
        if self._stage is not None:
            try:
                tracks = self._stage.tracks()
            except Exception as error:
                self.notes.append(f"the faces that were found could not be kept ({type(error).__name__})")
            self._close_stage()
        path = self._publish(written)
        result = Recorded(
            path=path,
            duration=self._ledger.elapsed(now),
            picture=self._picture,
            rate=self._rate,
            frames_in=self._reader.rate.count if self._reader else 0,
            frames_out=self._file.rate.count,
            dropped=self._dropped(),
            covered_frames=gate.hidden if gate else 0,
            covered=gate.covered if gate else [],
            ppm=self._listener.drift.clock.ppm if self._listener else 0.0,
            gaps=self._listener.drift.gaps if self._listener else 0,
            latencies=self._file.latencies,
            times=np.array(self._file.times, np.float64),
            cpu={worker.name: worker.cpu for worker in self._workers},
            tracks=tracks,
            stage=status,
            notes=self.notes,
            error=shared.error,
        )
        if self._listener is not None and self._listener.drift.gaps:
            self.notes.append(f"the microphone left sound out {self._listener.drift.gaps} times; silence stands there")
        return result

    def _close_stage(self) -> None:
        with contextlib.suppress(Exception):
            assert self._stage is not None
            self._stage.close()

    def _publish(self, written: bool) -> Path | None:
        growing = self._file.writer.path
        if not written:
            self._shared.fail(OutputError(f"{growing}: writing hangs", f"later: discreet recover '{growing}'"))
            return growing
        try:
            self._finish_file(growing, self.target)
            return self.target
        except InputError:
            growing.unlink(missing_ok=True)
            if self._stop and not self._ledger.begun:
                self.notes.append("it was ended before it began; nothing was recorded")
                return None
            self._shared.fail(DeviceError("nothing was recorded: the sources gave nothing", "see `discreet devices`"))
            return None
        except DiscreetError as error:
            self._shared.fail(error)
            return growing
