"""The live recorder of the command line: chosen devices, masked faces, changed voices, sealed sound."""

from __future__ import annotations

import contextlib
import datetime as dt
import math
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from capture import Clock, Image, Picture, PictureSource, RealClock, SoundSource
from capture.devices import Microphone, SyntheticPictures, SyntheticSound, open_camera, play
from capture.live import Recorder, RecordingReport, RecordingStatus
from capture.writing import EncryptedSpool, spool_name
from discreet.config.settings import Settings
from discreet.core_dumps import no_core_files
from discreet.live.result import covered_tracks, write_timeline
from discreet.live.speaker_view import AudioTap, LiveListener, live_diarizer, not_as_chosen
from discreet.pipeline.codec import Faces
from discreet.pipeline.sidecar import comment, write_faces
from registered import Registry
from timeline import InputError, make_folder, write_error
from weights import Store

if TYPE_CHECKING:
    from capture.live import PictureStage

SYNTHETIC = "synthetic"
NONE = "none"


@dataclass(frozen=True, slots=True)
class RecordingRequest:
    """What to record.

    Attributes:
        target: the file.
        camera: number, name or path of the camera, "synthetic", or "none".
        microphone: number or name of the microphone, "synthetic", "none", or None for the system's default.
        play: a file to be played in their place.
        duration: s.
        preview: whether to open a window with what is recorded.
    """

    target: Path
    camera: str = "0"
    microphone: str | None = None
    play: Path | None = None
    duration: float = math.inf
    preview: bool = False


@dataclass(slots=True)
class RecordingResult:
    """What became of it: the recording and the files beside it."""

    recorded: RecordingReport
    files: dict[str, Path] = field(default_factory=dict)


def sources(
    wanted: RecordingRequest, settings: Settings, clock: Clock
) -> tuple[PictureSource | None, SoundSource | None]:
    """The sources that are wanted, not opened yet.

    Raises:
        DeviceError: a device that was asked for is not there.
        InputError: the file to be played is no recording; nothing is wanted.
    """
    live = settings.record
    if wanted.play is not None:
        return play(wanted.play, clock, settings=settings.capture)
    asked = Picture(live.width, live.height, live.fps)
    pictures: PictureSource | None = None
    sound: SoundSource | None = None
    origin = clock.now() + 1.0
    if wanted.camera == SYNTHETIC:
        pictures = SyntheticPictures(clock, asked, origin=origin)
    elif wanted.camera != NONE:
        pictures = open_camera(clock, wanted.camera, asked)
    if wanted.microphone == SYNTHETIC:
        sound = SyntheticSound(clock, live.sample_rate, origin=origin)
    elif wanted.microphone != NONE:
        device = wanted.microphone
        sound = Microphone(clock, int(device) if device and device.isdigit() else device, live.sample_rate)
    if pictures is None and sound is None:
        raise InputError("neither a camera nor a microphone is wanted", "leave out --cam none or --mic none")
    return pictures, sound


def notice(wanted: RecordingRequest, settings: Settings, registry: Registry) -> list[str]:
    """Who will be seen and heard, in lines, to be read before it starts."""
    answers = registry.consents()
    people = registry.people()
    seen = sorted(person.name for person in people if answers[person.id].seen)
    lines = [
        f"Will be seen: {', '.join(seen)}." if seen else "Nobody will be seen: nobody enrolled agrees to it.",
        "Everybody else is masked before anything is written.",
    ]
    lines.append(
        {
            "voice": "Everybody will be heard in another voice.",
            "keep": "Everybody will be heard in their own voice: make sure that all of them agree.",
            "none": "The recording will have no sound.",
        }[settings.record.sound]
    )
    if settings.record.spool == "encrypted":
        lines.append("The own voices are kept, encrypted, until `discreet process` has read them.")
    return lines


def record(
    wanted: RecordingRequest,
    settings: Settings,
    store: Store,
    registry: Registry,
    watch: Callable[[RecordingStatus], None] | None = None,
    steer: Callable[[Recorder], contextlib.AbstractContextManager[Any]] | None = None,
    clock: Clock | None = None,
) -> RecordingResult:
    """Record until it is stopped, and write what belongs to it.

    Args:
        wanted: what, and where to.
        settings: all rooms'.
        store: the models.
        registry: who may be seen.
        watch: called now and then with how it goes.
        steer: a context around the recording, for signals and keys.
        clock: the system's by default.

    Raises:
        DeviceError, InputError, ModelError, OutputError, PeopleError: it could not begin; nothing is left.
    """
    no_core_files()
    with _window(wanted) as show:
        return _record(wanted, settings, store, registry, watch, steer, clock or RealClock(), show)


@contextlib.contextmanager
def _window(wanted: RecordingRequest) -> Iterator[Callable[[Image], None] | None]:
    """What shows pictures that are written already, where a window is wanted."""
    if not wanted.preview:
        yield None
        return
    from discreet.live.preview import Preview

    with Preview() as window:
        yield window.show


def _record(
    wanted: RecordingRequest,
    settings: Settings,
    store: Store,
    registry: Registry,
    watch: Callable[[RecordingStatus], None] | None,
    steer: Callable[[Recorder], contextlib.AbstractContextManager[Any]] | None,
    clock: Clock,
    show: Callable[[Image], None] | None,
) -> RecordingResult:
    pictures, sound = sources(wanted, settings, clock)
    target, id = wanted.target.absolute(), os.urandom(16).hex()
    try:
        make_folder(target.parent)
    except OSError as error:
        raise write_error(target, error) from None
    spools: list[EncryptedSpool] = []
    listeners: list[LiveListener] = []

    def stage(picture: Picture) -> PictureStage:
        from registered import Gallery
        from vision import LiveMasker, template_model

        gallery = Gallery.for_faces(registry, template_model(settings.vision.recognise.recogniser))
        seen = {person: answers.seen for person, answers in registry.consents().items()}
        return LiveMasker.from_store(store, settings.vision, gallery, seen, picture, settings.masking)

    def convert(rate: int) -> Any:
        from voice import make_converter, voice_for

        # Nobody is identified by voice while it is recorded, so all get the voice of nobody known.
        return make_converter(voice_for(registry.secret("voice"), "nobody known"), rate, settings.voice.converter)

    def spool(rate: int) -> EncryptedSpool:
        spools.append(EncryptedSpool(spool_name(target), registry.vault, rate, id))
        return spools[0]

    def heard(rate: int) -> AudioTap:
        listeners.append(LiveListener(rate, lambda: live_diarizer(settings, store, registry)))
        return AudioTap(spool(rate) if settings.record.spool == "encrypted" else None, listeners[0])

    def watched(now: RecordingStatus) -> None:
        if watch is not None:
            speaking = {"speaking": listeners[0].speaking} if listeners else {}
            watch(replace(now, stage={**now.stage, **speaking}))

    spooled = spool if settings.record.spool == "encrypted" else None
    recorder = Recorder(
        target,
        pictures,
        sound,
        stage if pictures is not None else None,
        settings.record,
        convert=convert,
        spool=heard if settings.record.diarize else spooled,
        duration=wanted.duration,
        comment=comment(id),
        clock=clock,
        show=show,
    )
    try:
        with steer(recorder) if steer is not None else contextlib.nullcontext():
            recorded = recorder.run(watched if watch is not None else None)
    except BaseException:
        for begun in spools:
            begun.discard()
        raise
    finally:
        for listener in listeners:
            listener.close()
    if listeners and (note := not_as_chosen(settings, store)):
        recorded.notes.append(note)
    recorded.notes += [note for listener in listeners for note in listener.notes]
    made = RecordingResult(recorded)
    if recorded.path is None:
        for begun in spools:
            begun.discard()
        return made
    made.files["recording"] = recorded.path
    if spools:
        made.files["sound"] = spools[0].path
    if recorded.path == target:  # else it is still to be recovered
        if recorded.picture is not None:
            recorded.tracks += covered_tracks(recorded)
            made.files["faces"] = write_faces(target, id, Faces(recorded.tracks, recorded.times), registry.vault)
        made.files["timeline"] = write_timeline(target, recorded, settings)
    return made


def masked_whole(recorded: RecordingReport) -> int:
    """How many pictures were masked whole at most, by the masking itself or by the guard around it.

    One that the masking gave too late, masked whole, is counted with it and with the guard, whose picture was written.
    """
    return min(recorded.frames_out, recorded.covered_frames + int(recorded.stage.get("masked_wholly", 0)))


def facts(made: RecordingResult) -> dict[str, Any]:
    """The session in figures, for programs."""
    recorded = made.recorded
    return {
        "files": made.files,
        "duration": round(recorded.duration, 3),
        "frames_in": recorded.frames_in,
        "frames_out": recorded.frames_out,
        "dropped": recorded.dropped,
        "masked_whole": masked_whole(recorded),
        "faces": len(recorded.tracks),
        "faces_shown": sum(track.ever_shown for track in recorded.tracks),
        "ppm": round(recorded.ppm, 1),
        "gaps": recorded.gaps,
        "notes": recorded.notes,
    }


@contextlib.contextmanager
def signals(recorder: Recorder) -> Iterator[None]:
    """Ctrl-C, SIGTERM and a terminal that closes end the recording; SIGUSR1 pauses it and lets it go on."""

    def end(number: int, frame: FrameType | None) -> None:
        recorder.stop()

    def pause(number: int, frame: FrameType | None) -> None:
        recorder.pause()

    handlers = {"SIGINT": end, "SIGTERM": end, "SIGHUP": end, "SIGUSR1": pause}
    before: dict[signal.Signals, Any] = {}
    for number in signal.Signals:
        if number.name in handlers and signal.getsignal(number) is not signal.SIG_IGN:
            before[number] = signal.signal(number, handlers[number.name])
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def default_name(folder: Path) -> Path:
    """A name with the time of day, not taken yet."""
    stem = dt.datetime.now().strftime("meeting-%Y-%m-%d-%H%M%S")
    path = folder / f"{stem}.mp4"
    number = 2
    while path.exists():
        path, number = folder / f"{stem}-{number}.mp4", number + 1
    return path
