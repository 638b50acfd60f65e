"""Stage 2: who on screen speaks. Boxes and scores are drawn into ``video_out.avi``; the figures stand in text files."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from capture.writing import AVI_RATE, EncryptedSidecar, sidecar_name
from diarization import Fusion
from discreet.aavid.folders import Folders
from discreet.aavid.overlay import ScoreOverlay
from discreet.pipeline import Faces, RedactionPlan, RunContext, Source, StageRunner, comment, open_source, write_faces
from discreet.pipeline.faces import find_faces
from discreet.pipeline.people import NOBODY, find_people
from discreet.pipeline.render import RenderPlan, render
from discreet.pipeline.sidecars import WITHDRAWN
from discreet.pipeline.stages import NO_SPEECH
from discreet.progress import Ui
from discreet.results.document import make_document
from discreet.version import __version__
from timeline import (
    InputError,
    Provenance,
    Timeline,
    create_file,
    label_scores,
    make_folder,
    public_form,
    speaking_segments,
    write_error,
    write_file,
)
from voice import VoicePlan, voice_for


@dataclass(frozen=True, slots=True)
class SpeakersResult:
    """What stage 2 gave: files by name, the document, and lines to read."""

    files: dict[str, Path]
    timeline: Timeline
    notes: tuple[str, ...]


def score_speakers(video: Path, folders: Folders, context: RunContext, ui: Ui, *, mask: bool) -> SpeakersResult:
    """Score whose lips speak, and write AAVID's files. Earlier ones are replaced.

    The pictures of a recording that ``discreet aavid mask`` or ``record`` made were masked while they were recorded;
    those of any other video are masked here. The sound that is written is changed, as that of a live recording is; the
    own voices go, sealed, beside it for stage 3.

    Args:
        video: a recording with a picture.
        folders: where the files go.
        context: settings, models and people.
        ui: is told what goes on.
        mask: mask a recording that was masked before once more.

    Raises:
        InputError: it is not a recording with a picture.
        ModelError: a model is missing or damaged.
        OutputError: something cannot be written.
    """
    context.model_hashes()  # all that is missing is named before any work
    source = open_source(video, context.settings.capture, context.registry.vault)
    if not source.info.has_video:
        raise InputError(f"{video} has no picture", "give a recording of people talking")
    runner = StageRunner(ui, None, source.info.duration)
    faces = runner.measured("faces", "Faces", lambda p: find_faces(source, context, p))
    people = find_people(context, NO_SPEECH, faces.tracks)
    style, provenance = context.settings.vision.mask.style, _provenance(context, runner)
    whole = make_document(source.info, faces.tracks, people, RedactionPlan(), style, provenance)
    again, notes = _masking(source, context, mask)
    id = source.sidecars.id if source.sidecars is not None else os.urandom(16).hex()
    _make(folders)
    shown = faces if again else Faces([], faces.times)
    plan = RenderPlan(
        shown, VoicePlan((), voice_for(context.registry.secret("voice"), NOBODY)), overlay=ScoreOverlay(whole)
    )
    capture = context.settings.capture.model_copy(update={"comment": comment(id)})
    settings = context.settings.model_copy(update={"capture": capture})
    out = folders.video_out
    runner.measured("render", "Video with boxes and scores", lambda p: render(source, out, settings, plan, p))
    source.check_unchanged()
    _seal(source, out, id, faces, context)
    made = _written(whole, people)
    texts = {
        "speaking_segments.json": speaking_segments(made),
        "label_scores.txt": label_scores(made),
        "timeline.json": public_form(made).to_json(),
    }
    files = {out.name: out}
    for name, text in texts.items():
        files[name] = folders.work / name
        write_file(files[name], text)
    return SpeakersResult(files, made, (*notes, *context.notes()))


def _masking(source: Source, context: RunContext, mask: bool) -> tuple[bool, tuple[str, ...]]:
    """Whether pictures are masked, and what to say about it."""
    recorded = source.sidecars.faces(context.answers) if source.sidecars is not None else None
    if recorded is None:
        return True, () if mask else ("No sign that the video was masked while it was recorded: it is masked here.",)
    if any(track.reason == WITHDRAWN for track in recorded.tracks):
        return True, ("Somebody who is shown agrees no longer to be seen: the video is masked once more.",)
    return mask, ()


def _written(whole: Timeline, people: Fusion) -> Timeline:
    """The document as AAVID's files want it: the faces of people without a name are nobody's."""
    named = {person.id for person in people.people if person.name}
    tracks = [t if t.person in named else t.model_copy(update={"person": None}) for t in whole.tracks]
    return whole.model_copy(update={"tracks": tracks})


def _make(folders: Folders) -> None:
    for folder in (folders.video_out.parent, folders.work):
        try:
            make_folder(folder)
        except OSError as error:
            raise write_error(folder, error) from None


def _seal(source: Source, out: Path, id: str, faces: Faces, context: RunContext) -> None:
    """The own voices and the faces, sealed beside the video, for stage 3."""
    sidecar, vault = sidecar_name(out), context.registry.vault
    sidecar.unlink(missing_ok=True)
    if source.sidecars is not None and source.sidecars.sound_path is not None:
        try:
            with (
                source.sidecars.sound_path.open("rb") as own,
                os.fdopen(create_file(sidecar, private=True), "wb") as copy,
            ):
                shutil.copyfileobj(own, copy)
        except OSError as error:
            raise write_error(sidecar, error) from None
    elif source.sidecars is None and source.info.has_audio:
        sealed = EncryptedSidecar(sidecar, vault, source.sound.sample_rate, id)
        try:
            for block in source.sound.blocks():
                sealed.write(block)
        except BaseException:
            sealed.discard()
            raise
        sealed.close()
    frames = round(float(faces.times[-1]) * AVI_RATE) + 1 if len(faces.times) else 0
    write_faces(out, id, replace(faces, times=np.arange(frames) / AVI_RATE), vault)


def _provenance(context: RunContext, runner: StageRunner) -> Provenance:
    return Provenance(
        version=__version__,
        created=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        profile=context.settings.profile,
        models=context.model_hashes(),
        settings=context.public_settings(),
        stages=runner.reports,
    )
