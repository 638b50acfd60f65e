"""The parts of one recording: its opened sources and the workers behind them, joined by queues."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from capture.live.drift import DriftCorrector
from capture.live.frame_guard import TOO_SLOW, FrameGuard
from capture.live.protocols import PictureStage, SidecarWriter, SoundStage
from capture.live.queues import Mailbox
from capture.live.recorder_threads import DiskSync, FileWriter, MaskFeeder, PictureReader, Taken
from capture.live.settings import DRAIN, JOIN, SOUND_BLOCKS
from capture.live.sound_threads import SoundReader, VoiceChanger
from capture.live.worker import MaskedPicture, SharedState, Worker, Written
from capture.live_settings import RecordSettings
from capture.media_info import Picture
from capture.sources import Image, PictureSource, SoundSource
from capture.writing.fragmented_mp4 import FragmentWriter
from timeline import FaceTrack, failure, log_error, tolerated

MakeStage = Callable[[Picture], PictureStage]
MakeConverter = Callable[[int], SoundStage]
MakeSidecar = Callable[[int], SidecarWriter]
MakeWriter = Callable[[Path, "Picture | None", "int | None", RecordSettings, str], FragmentWriter]


@dataclass(frozen=True, slots=True)
class PipelineParts:
    """What a recorder needs. It takes over the sources and closes them.

    Attributes:
        settings: of the recording.
        pictures, sound: the sources; one of them may be None.
        stage: makes the masking stage for the pictures that the camera agreed to.
        convert: makes the voice converter for a sample rate; required if ``settings.sound == "voice"``.
        sidecar: makes the sidecar for the unchanged sound; None for no sidecar.
        comment: tag of the file.
        show: called in the encoder's thread with every picture (BGR ``[H, W, 3]``) after it was written; must return at
            once and must not change the picture.
        writer: makes the writer of the growing file.

    Raises:
        ValueError: these parts do not make a recording.
    """

    settings: RecordSettings
    pictures: PictureSource | None
    sound: SoundSource | None
    stage: MakeStage | None
    convert: MakeConverter | None = None
    sidecar: MakeSidecar | None = None
    comment: str = "discreet"
    show: Callable[[Image], None] | None = None
    writer: MakeWriter = FragmentWriter

    def __post_init__(self) -> None:
        if self.pictures is None and (self.sound is None or self.settings.sound == "none"):
            raise ValueError("nothing to record")
        if self.pictures is not None and self.stage is None:
            raise ValueError("pictures are not recorded without a masking stage")
        if self.sound is not None and self.settings.sound == "voice" and self.convert is None:
            raise ValueError("no converter for the sound")

    def close(self) -> None:
        """Close the sources."""
        for source in (self.pictures, self.sound):
            if source is not None:
                source.close()


class RecordingPipeline:
    """A running recording: camera, masking, microphone and encoder.

    Args:
        target: the final file; the growing file is written beside it.
        parts: what the recording needs.
        shared: what the workers share.
        notes: what people should know about the recording is added here.

    Raises:
        DiscreetError: a source cannot be opened, or the file cannot be started; everything is closed and no file is
            left.
    """

    def __init__(self, target: Path, parts: PipelineParts, shared: SharedState, notes: list[str]) -> None:
        self._parts, self._shared, self._notes = parts, shared, notes
        self.workers: list[Worker] = []
        self.boxes: list[Mailbox[Taken] | Mailbox[Written]] = []
        self.picture: Picture | None = None
        self.rate = 0
        self.reader: PictureReader | None = None
        self.listener: SoundReader | None = None
        self.gate: FrameGuard | None = None
        self._stage: PictureStage | None = None
        self._feeder: MaskFeeder | None = None
        writer: FragmentWriter | None = None
        try:
            self._open()
            written = self.rate if parts.sound is not None and parts.settings.sound != "none" else None
            sidecar = parts.sidecar(self.rate) if parts.sidecar is not None and parts.sound is not None else None
            writer = parts.writer(target, self.picture, written, parts.settings, parts.comment)
            self._join(writer, sidecar)
        except BaseException:
            parts.close()
            if self._stage is not None:
                self._stage.close()
            if writer is not None:
                with tolerated("the recording that did not begin could not be closed"):
                    writer.finish()
                writer.path.unlink(missing_ok=True)
            raise

    def _open(self) -> None:
        if self._parts.sound is not None:
            heard = self._parts.sound.open()
            self.rate = heard.rate
            self._note(heard.note)
        if self._parts.pictures is not None:
            seen = self._parts.pictures.open()
            self.picture = seen.picture
            self._note(seen.note)
            assert self._parts.stage is not None
            self._stage = self._parts.stage(seen.picture)

    def _join(self, writer: FragmentWriter, sidecar: SidecarWriter | None) -> None:
        """Make the workers and the queues between them."""
        parts, settings, shared = self._parts, self._parts.settings, self._shared
        burst = 0  # at the end the stage returns its whole delay line at once
        if self._stage is not None and self.picture is not None:
            burst = math.ceil(self._stage.latency * self.picture.fps) + 1
        outbox: Mailbox[Written] = Mailbox(shared.clock, "the encoder", settings.queue_pictures + burst, SOUND_BLOCKS)
        self._outbox = outbox
        streams = (parts.pictures is not None) + (parts.sound is not None)
        self.file = FileWriter(shared, writer, outbox, streams, parts.show)
        if parts.pictures is not None and self.picture is not None and self._stage is not None:
            gate = self.gate = FrameGuard(
                self.picture.width,
                self.picture.height,
                self._stage.latency,
                settings.limit,
                settings.recovery,
                lambda t, image, droppable: outbox.put(MaskedPicture(t, image, shared.clock.now()), droppable),
            )
            inbox: Mailbox[Taken] = Mailbox(
                shared.clock, "masking", settings.queue_pictures, dropped=lambda item: gate.drop(item[0])
            )
            self.boxes.append(inbox)
            period = 1 / self.picture.fps if self.picture.fps > 0 else math.inf
            self.reader = PictureReader(shared, parts.pictures, period, gate, inbox)
            self._feeder = MaskFeeder(shared, self._stage, gate, inbox, outbox)
            self.workers += [self.reader, self._feeder]
        if parts.sound is not None:
            self._join_sound(parts.sound, sidecar, outbox)
        self.boxes.append(outbox)
        self.disk = DiskSync(shared, [writer.sync, *([sidecar.sync] if sidecar is not None else [])])
        self.workers += [self.file, self.disk]

    def _join_sound(self, source: SoundSource, sidecar: SidecarWriter | None, outbox: Mailbox[Written]) -> None:
        parts, settings, shared = self._parts, self._parts.settings, self._shared
        out = outbox
        if parts.convert is not None and settings.sound == "voice":
            out = Mailbox(shared.clock, "the voice", 0, SOUND_BLOCKS)
            self.boxes.append(out)
            self.workers.append(VoiceChanger(shared, parts.convert(self.rate), out, outbox))
        self.listener = SoundReader(shared, source, DriftCorrector(self.rate), out, sidecar)
        self.listener.delay = settings.sound_delay
        self.listener.written = settings.sound != "none"
        self.workers.append(self.listener)

    def _note(self, text: str) -> None:
        if text:
            self._notes.append(text)

    def start(self) -> None:
        """Start the workers."""
        for worker in self.workers:
            worker.thread.start()

    @property
    def readers(self) -> list[PictureReader | SoundReader]:
        """The workers that read the sources."""
        return [worker for worker in (self.reader, self.listener) if worker is not None]

    @property
    def dropped(self) -> int:
        """Number of pictures left out: not taken from the camera, not masked in time, or not encoded in time."""
        missed = self.reader.missed if self.reader else 0
        return missed + self.spaced + (self.gate.dropped if self.gate else 0) + self._outbox.dropped + self.file.overdue

    @property
    def spaced(self) -> int:
        """Those of them that were left out evenly, to lighten the load."""
        return self.reader.spaced if self.reader else 0

    def status(self) -> dict[str, float | int | str]:
        """The masking stage's status."""
        try:
            return dict(self._stage.status()) if self._stage is not None else {}
        except Exception as error:  # a failing status must not end the recording
            log_error("the masking gave no status", error)
            return {"notice": failure("the status", error)}

    @property
    def masks_late(self) -> bool:
        """Whether whole pictures are masked, or soon will be, because masking does not keep up."""
        lag = self.status().get("lag", 0.0)
        behind = isinstance(lag, int | float) and lag > self.latency
        return behind or (self.gate is not None and self.gate.covering == TOO_SLOW)

    def tracks(self) -> list[FaceTrack]:
        """The faces that were found."""
        try:
            return self._stage.tracks() if self._stage is not None else []
        except Exception as error:
            log_error("the faces that were found could not be kept", error)
            self._notes.append(failure("keeping the faces that were found", error))
            return []

    @property
    def pictures(self) -> int:
        """Number of pictures of the recording so far, including those that were dropped or covered."""
        return self.reader.rate.count + self.reader.missed if self.reader else 0

    @property
    def latency(self) -> float:
        """Seconds by which the masking stage delays pictures."""
        return self._stage.latency if self._stage is not None else 0.0

    @property
    def safe(self) -> float:
        """Seconds of the recording that have been handed to the operating system: what survives a crash."""
        writer, parts = self.file.writer, self._parts
        ends = [writer.safe] if parts.pictures is not None else []
        return min([*ends, writer.safe_sound] if writer.has_sound else ends)

    def drain(self, duration: float) -> bool:
        """Write everything taken in ``duration`` s, waiting for each worker as long as it makes progress.

        A worker that hangs is left behind, and noted. Returns whether the file was finished.
        """
        clock = self._shared.clock
        for reader in self.readers:
            if not self._gets_on(reader, DRAIN):
                sources = [source for source in (self._parts.pictures, self._parts.sound) if source is not None]
                threads = [clock.thread(source.close, "close") for source in sources]
                for thread in threads:  # a driver may hang in closing too
                    thread.start()
                for thread in threads:
                    clock.join(thread, JOIN)
        for reader in self.readers:
            if not clock.join(reader.thread, JOIN):
                self._notes.append(f"the {reader.name} source hung and was left behind")
                reader.out.end()
                if isinstance(reader, PictureReader):
                    reader.left_behind(duration)
        if self.gate is not None and self._stage is not None and self._feeder is not None:
            patience = self._stage.latency + self._parts.settings.limit + JOIN
            if not clock.join(self._feeder.thread, patience):
                self.close_stage()
                if not clock.join(self._feeder.thread, JOIN):
                    self._notes.append("the masking hung and was left behind")
                    self.gate.end()
                    self._outbox.end()
        written = self._gets_on(self.file, self._parts.settings.hang_seconds + JOIN)
        self.disk.end()
        clock.join(self.disk.thread, JOIN)
        return written

    def _gets_on(self, worker: Worker, patience: float) -> bool:
        """Wait until a worker ends, as long as it takes something in every ``patience`` s; return whether it ended."""
        taken = -1
        while taken != worker.taken:
            taken = worker.taken
            if self._shared.clock.join(worker.thread, patience):
                return True
        return False

    def close_stage(self) -> None:
        """Close the masking stage. May be called twice."""
        if self._stage is not None:
            with tolerated("the masking could not be closed"):
                self._stage.close()
