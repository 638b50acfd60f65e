"""The main job: from a recording to a safe recording and its timeline."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from collections.abc import Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

import discreet
from capture import MediaInfo, probe, suffix_for
from diarization import Diarization, Fusion
from discreet.config.settings import Settings
from discreet.pipeline import codec
from discreet.pipeline.beside import decode_transcripts, encode_transcripts, filled, with_beside
from discreet.pipeline.cache import StageCache, run_key
from discreet.pipeline.codec import Faces
from discreet.pipeline.mouths import mouth_plan
from discreet.pipeline.privacy import COVERED, RedactionPlan, find_private
from discreet.pipeline.render import render
from discreet.pipeline.runner import StageRunner
from discreet.pipeline.sidecar import find
from discreet.pipeline.stages import Stages
from discreet.progress import Ui
from discreet.results.annotated import annotate
from discreet.results.document import document, notes_on
from discreet.results.folder import ANNOTATED, OutputFolder
from discreet.results.leak_check import named_after, scan
from discreet.results.report import report_text
from redaction import PiiFinder, Transcript
from registered import Registry
from timeline import (
    FaceTrack,
    InputError,
    Provenance,
    Timeline,
)
from weights import Store

State = tuple[int, int, int, int] | None


@dataclass(frozen=True, slots=True)
class ProcessResult:
    """What a run gave: the folder, its files by name, and the document."""

    folder: Path
    files: dict[str, Path]
    timeline: Timeline


def process(
    source: Path, out: Path, settings: Settings, store: Store, registry: Registry, ui: Ui, *, overwrite: bool = False
) -> ProcessResult:
    """Make ``source`` safe and write the results into the folder ``out``.

    Raises:
        InputError: ``source`` is not a recording of anything, or is damaged beyond use.
        ModelError: a model is missing or damaged.
        OutputError: the results cannot be written; nothing half-written is left.
        PeopleError: the enrolled people cannot be read.
        KeyboardInterrupt: stopped; the stages that were finished are kept, sealed, and the next run goes on.
    """
    state = _state(source)
    info = probe(source, settings.capture)
    if not (info.has_video or info.has_audio):
        raise InputError(f"{source} has neither picture nor sound", "give a recording of people talking")
    folder = OutputFolder(out, source, overwrite=overwrite)
    try:
        return _Run(source, state, info, folder, settings, Stages(settings, store, registry), ui)()
    except BaseException:
        folder.discard()
        raise


def _state(path: Path) -> State:
    """What tells whether a file was written to; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def source_hash(path: Path) -> str:
    """SHA-256 of a file, hex. Raises InputError if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", "check the path and its permissions") from error


class _Run:
    """One run over one recording."""

    def __init__(
        self,
        source: Path,
        state: State,
        info: MediaInfo,
        folder: OutputFolder,
        settings: Settings,
        rooms: Stages,
        ui: Ui,
    ) -> None:
        self.source, self.info, self.folder, self.settings, self.rooms, self.ui = (
            source,
            info,
            folder,
            settings,
            rooms,
            ui,
        )
        self.state = state
        self.session = find(source, rooms.registry.vault)
        if self.session is not None:
            self.info = self.session.heard(info)
            rooms.session = self.session
        self.sha256 = source_hash(source)
        self.models = rooms.model_hashes()
        self._finder: PiiFinder | None = None
        facts = {
            "version": discreet.__version__,
            "source": self.sha256,
            "settings": rooms.deciding_settings(),
            "models": self.models,
            "people": rooms.people_digest(),
        }
        if self.session is not None:
            facts["session"] = self.session.facts
        cache = StageCache(folder.cache, rooms.registry.stages(), run_key(facts))
        self.stages = StageRunner(ui, cache, self.info.duration)

    def __call__(self) -> ProcessResult:
        """Run every stage and publish the results."""
        faces, diarization, transcript = self._find()
        tracks = faces.tracks
        fusion = self.rooms.fuse(diarization, tracks)
        finder = functools.cache(self._words_finder)
        beside = self._beside(transcript)
        transcript = transcript and filled(transcript, beside)
        private = find_private(finder, self.settings, transcript, diarization.speech, fusion)
        private = with_beside(private, finder, beside, diarization.speech)
        private = self._proved(self._spoken(private, transcript), transcript)
        recording = "safe" + suffix_for(self.info)
        unseen = self.stages.measured(
            "render",
            "Safe recording",
            lambda progress: render(
                self.source,
                self.info,
                self.folder.staging / recording,
                self.settings,
                faces,
                self.rooms.voice_plan(fusion, self.sha256),
                private.redactions,
                progress,
                self.rooms.sound(self.source, self.info) if self.info.has_audio else None,
                private.clips,
                mouth_plan(tracks, private.redactions, fusion.track_person) if self.settings.process.lips else None,
            ),
        )
        self._check_source()
        timeline = self._document(tracks, fusion, private, unseen)
        if self.settings.process.annotated and self.info.has_video:
            self._annotate(recording, timeline)
            timeline = self._document(tracks, fusion, private, unseen)  # with what that cost
        self.folder.write_texts(timeline, report_text(timeline))
        scan(self.folder.staging, self.folder.cache, timeline, private.forms, Settings().model_dump(mode="json"))
        files = self.folder.publish(recording)
        if self.session is not None and not self.settings.process.keep_spool:
            self.session.drop_spool()
        return ProcessResult(self.folder.folder, files, timeline)

    def _annotate(self, recording: str, timeline: Timeline) -> None:
        staging = self.folder.staging
        self.stages.measured(
            "annotate",
            "Annotated recording",
            lambda progress: annotate(
                staging / recording, timeline, staging / ANNOTATED, self.settings.capture, progress
            ),
        )

    # -- stages ---------------------------------------------------------------------------------------------------

    def _faces(self) -> Faces:
        if not self.info.has_video:
            return Faces([], np.zeros(0))
        if self.session is not None and (faces := self.session.faces(self.rooms.answers)) is not None:
            return faces
        return self.stages.kept(
            "faces",
            "Faces",
            codec.encode_faces,
            codec.decode_faces,
            lambda progress: self.rooms.faces(self.source, self.info, progress),
        )

    def _sound(self) -> tuple[Diarization, Transcript | None]:
        if not self.info.has_audio:
            return Diarization(turns=[], embeddings={}, speech=[], model=""), Transcript([])
        diarization = self.stages.kept(
            "speakers",
            "Speakers",
            codec.encode_diarization,
            codec.decode_diarization,
            lambda progress: self.rooms.speakers(self.source, self.info, progress),
        )
        if not self.settings.process.words:
            return diarization, None
        transcript = self.stages.kept(
            "words",
            "Words",
            codec.encode_transcript,
            codec.decode_transcript,
            lambda progress: self.rooms.words(self.source, self.info, diarization.speech, progress),
        )
        if transcript.words and transcript.language in COVERED:
            self._finder = self.rooms.pii_finder()  # takes seconds to load: while faces are still looked at
        return diarization, transcript

    def _beside(self, transcript: Transcript | None) -> list[Transcript]:
        if transcript is None or not self.rooms.views(self.source, self.info):
            return []
        return self.stages.kept(
            "channels",
            "Words of single channels",
            encode_transcripts,
            decode_transcripts,
            lambda progress: self.rooms.words_beside(self.source, self.info, transcript.language, progress),
        )

    def _words_finder(self) -> PiiFinder:
        finder, self._finder = self._finder, None
        return finder or self.rooms.pii_finder()

    def _spoken(self, private: RedactionPlan, transcript: Transcript | None) -> RedactionPlan:
        """With other names said in the place of private ones, where the policy wants that."""
        if transcript is None or not any(r.operator == "surrogate" for r in private.redactions):
            return private
        redactions, clips = self.stages.measured(
            "surrogates",
            "Surrogates",
            lambda progress: self.rooms.surrogates(self.source, self.info, transcript.words, private),
        )
        return replace(private, redactions=redactions, clips=clips)

    def _proved(self, private: RedactionPlan, transcript: Transcript | None) -> RedactionPlan:
        """What is private, proved by listening again: no word of it may still be heard."""
        if not (private.said and transcript is not None):
            return private
        if not self.settings.redaction.proof:
            return private.noted("What was redacted was not listened to again: redaction.proof is off.")
        proof = self.stages.kept(
            "proof",
            "Check by ear",
            codec.encode_proof,
            codec.decode_proof,
            lambda progress: self.rooms.verify(self.source, self.info, transcript.language, private, progress),
        )
        return replace(private, redactions=proof.redactions).noted(*proof.notes())

    def _find(self) -> tuple[Faces, Diarization, Transcript | None]:
        """Faces and sound side by side: the one is bound by pictures, the other by sound, and there are two cores."""
        with ThreadPoolExecutor(2, thread_name_prefix="stage") as pool:
            faces, sound = pool.submit(self._faces), pool.submit(self._sound)
            both: list[Future[Any]] = [faces, sound]
            try:
                wait(both, return_when=FIRST_EXCEPTION)
                for future in (f for f in both if f.done()):
                    future.result()
                return faces.result(), *sound.result()
            except BaseException:
                self.ui.note("stopping: each stage first ends the piece it is at")
                self.ui.cancel()
                raise

    def _check_source(self) -> None:
        """Refuse a recording that was written to meanwhile: what was looked at is not what was made safe."""
        if _state(self.source) != self.state:
            raise InputError(f"{self.source} was changed while it was worked on", "run it again once it is complete")

    # -- the document ---------------------------------------------------------------------------------------------

    def _document(self, tracks: Sequence[FaceTrack], fusion: Fusion, private: RedactionPlan, unseen: int) -> Timeline:
        provenance = Provenance(
            version=discreet.__version__,
            created=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            source_sha256=self.sha256,
            profile=self.settings.profile,
            models=self.models,
            settings=self.rooms.public_settings(),
            stages=self.stages.reports,
            notes=self._notes(private, unseen),
        )
        return document(self.info, tracks, fusion, private, self.settings.vision.mask.style, provenance)

    def _notes(self, private: RedactionPlan, unseen: int) -> list[str]:
        """What was not done, and what is odd about the recording."""
        notes = notes_on(self.info, unseen)
        damaged = self.rooms.registry.damaged()
        if damaged:
            notes.append(f"{len(damaged)} records of enrolled people could not be read: strangers are not quoted.")
        notes += self.rooms.notes()
        if self.info.has_audio:
            notes += self.rooms.channel_notes(self.source, self.info)
        if self.session is not None:
            notes += self.session.notes
        notes += private.notes
        if named_after(self.folder.folder, private.forms):
            notes.append("The name of the results' folder holds a private word: rename it before you pass it on.")
        return notes
