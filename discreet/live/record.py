"""Records a meeting: chosen devices, masked faces, changed voices, sealed sound."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from capture import Clock, Image, RealClock
from capture.live import PipelineParts, Recorder, RecordingReport, RecordingStatus
from discreet.config.settings import Settings
from discreet.core_dumps import no_core_files
from discreet.live.request import RecordingRequest, RecordingResult
from discreet.live.result import with_covered, write_timeline
from discreet.live.sources import Sources, sources
from discreet.live.stages import OwnSound, masking_stage, voice_stage
from discreet.pipeline.context import RunContext
from discreet.pipeline.recording_id import comment
from discreet.pipeline.serialise import Faces
from discreet.pipeline.sidecars import write_faces
from timeline import make_folder, write_error


@dataclass(frozen=True, slots=True)
class Controls:
    """How a caller follows and controls a recording.

    Attributes:
        watch: called regularly with the status.
        steer: makes a context around the recording, for signals and keys.
        sources: makes camera and microphone; default: :func:`discreet.live.sources.sources`.
        clock: default: the system's.
    """

    watch: Callable[[RecordingStatus], None] | None = None
    steer: Callable[[Recorder], contextlib.AbstractContextManager[Any]] = contextlib.nullcontext
    sources: Callable[[RecordingRequest, Settings, Clock], Sources] | None = None
    clock: Clock | None = None


def notice(context: RunContext) -> list[str]:
    """Who will be seen and heard, in lines to read before the recording starts."""
    record = context.settings.record
    seen = sorted(person.name for person in context.people if context.answers[person.id].seen)
    lines = [
        f"Will be seen: {', '.join(seen)}." if seen else "Nobody will be seen: nobody enrolled agrees to it.",
        "Everybody else is masked before anything is written.",
    ]
    lines.append(
        {
            "voice": "Everybody will be heard in another voice.",
            "keep": "Everybody will be heard in their own voice: make sure that all of them agree.",
            "none": "The recording will have no sound.",
        }[record.sound]
    )
    if record.spool == "encrypted":
        lines.append("The original voices are kept, encrypted, until `discreet process` has read them.")
    return lines


def record_meeting(request: RecordingRequest, context: RunContext, controls: Controls | None = None) -> RecordingResult:
    """Record until somebody stops it, and write the files that belong to the recording.

    Args:
        request: what to record, and where to.
        context: settings, models, and who may be seen.
        controls: how the caller follows and controls it.

    Raises:
        DeviceError, InputError, ModelError, OutputError, PeopleError: it could not begin; nothing is left.
    """
    no_core_files()
    controls = controls or Controls()
    clock = controls.clock or RealClock()
    with _window(request.preview) as show:
        pictures, sound = (controls.sources or sources)(request, context.settings, clock)
        target, id = _with_folder(request.target.absolute()), os.urandom(16).hex()
        own = OwnSound(context, target, id)
        parts = PipelineParts(
            settings=context.settings.record,
            pictures=pictures,
            sound=sound,
            stage=partial(masking_stage, context),
            convert=partial(voice_stage, context),
            sidecar=own.open if own.wanted else None,
            comment=comment(id),
            show=show,
        )
        recorder = Recorder(target, parts, duration=request.duration, clock=clock)
        recorded = _run(recorder, own, controls)
    return RecordingResult(recorded, _files(recorded, own, context))


def _run(recorder: Recorder, own: OwnSound, controls: Controls) -> RecordingReport:
    """Run the recorder to its end; returns its report, with every face and note."""
    watch = controls.watch
    watched = (lambda now: watch(own.with_speaker(now))) if watch is not None else None
    with own, controls.steer(recorder):
        recorded = recorder.run(watched)
    recorded = replace(recorded, notes=[*recorded.notes, *own.notes()])
    return with_covered(recorded) if recorded.path == recorder.target else recorded


def _files(recorded: RecordingReport, own: OwnSound, context: RunContext) -> dict[str, Path]:
    """Write the sidecars of a recording; returns all of its files by name.

    A recording that could not be finished still has to be recovered, so only its sound is stored with it.
    """
    target = own.target
    if recorded.path is None:
        own.discard()
        return {}
    files = {"recording": recorded.path}
    if own.path is not None:
        files["sound"] = own.path
    if recorded.path != target:
        return files
    if recorded.picture is not None:
        faces = Faces(recorded.tracks, recorded.times)
        files["faces"] = write_faces(target, own.id, faces, context.registry.vault)
    files["timeline"] = write_timeline(target, recorded, context.settings)
    return files


@contextlib.contextmanager
def _window(wanted: bool) -> Iterator[Callable[[Image], None] | None]:
    """The function that shows each picture once it is written; None if no window is wanted."""
    if not wanted:
        yield None
        return
    from discreet.live.preview import Preview

    with Preview() as window:
        yield window.show


def _with_folder(target: Path) -> Path:
    """Make the folder of ``target`` and return ``target``. Raises OutputError if it cannot be made."""
    try:
        make_folder(target.parent)
    except OSError as error:
        raise write_error(target, error) from None
    return target
