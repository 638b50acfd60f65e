"""The steps of processing one recording: find, correct, render, document, write, keep."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from capture import suffix_for
from diarization import Fusion
from discreet.config.settings import Settings
from discreet.pipeline.cache import StageCache, run_key
from discreet.pipeline.context import RunContext
from discreet.pipeline.privacy import RedactionPlan
from discreet.pipeline.render_again import Rendered, RenderTarget
from discreet.pipeline.runner import StageRunner
from discreet.pipeline.serialise import Faces
from discreet.pipeline.source import Source, source_hash
from discreet.pipeline.stages import Stages, parallel
from discreet.progress import Ui
from discreet.results.annotated import annotate
from discreet.results.document import make_document, notes_on
from discreet.results.folder import ANNOTATED, OutputFolder
from discreet.results.leak_check import named_after, scan
from discreet.results.report import report_text
from discreet.results.report_page import report_page
from discreet.results.report_pictures import portraits
from discreet.results.sealed_details import keep_details, source_token
from discreet.review import (
    Decisions,
    Draft,
    KeptStages,
    RerunRecord,
    decided,
    digest_of,
    earlier_recording,
    keep_record,
    keep_redaction_ids,
    shown_leads,
)
from discreet.share.identity_links import keep_links
from discreet.version import __version__
from timeline import DiscreetError, Provenance, Segment, Timeline, number_of, public_form
from voice.watermark import MARK

LAST = (
    "the sealed sound of this live recording is removed at the end, so its results cannot be corrected in a review;"
    " to correct them later, stop now and give --keep-spool"
)


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that was found in a recording and decided about it.

    Attributes:
        faces: every face over time.
        people: the people of the recording and their turns.
        plan: what must not be heard or read.
        notes: what the diarizer said about its result.
        speech: where somebody speaks, s.
        leads: how far the likeness of each shown face lies above the threshold, by track.
        reviewed: the results that people corrected, whose redactions keep their ids; None: nobody reviewed any.
    """

    faces: Faces
    people: Fusion
    plan: RedactionPlan
    notes: tuple[str, ...] = ()
    speech: tuple[Segment, ...] = ()
    leads: Mapping[str, float] = field(default_factory=dict)
    reviewed: Timeline | None = None


@dataclass(frozen=True, slots=True)
class SafeRecording:
    """The safe recording as it was written.

    Attributes:
        path: of the file, in the staging folder.
        rendered: what was written.
        synthetic: whether somebody speaks in a synthetic voice, which carries a watermark.
    """

    path: Path
    rendered: Rendered
    synthetic: bool


@dataclass(frozen=True, slots=True)
class ProcessRun:
    """One run. Each step takes values and returns a value.

    Attributes:
        source: the recording.
        context: settings, models and people.
        ui: is told what goes on; may stop the run.
        folder: of the results.
        decisions: what people decided about the results of an earlier run, or None.
        models: hash of each model, by name.
        key: what tells this run from others.
        stages: of the run.
        runner: measures the stages and stores their results.
        kept: the stored results beside the registry.
    """

    source: Source
    context: RunContext
    ui: Ui
    folder: OutputFolder
    decisions: Decisions | None
    models: dict[str, str]
    key: str
    stages: Stages
    runner: StageRunner
    kept: KeptStages

    @classmethod
    def begin(
        cls, source: Source, context: RunContext, ui: Ui, folder: OutputFolder, decisions: Decisions | None
    ) -> ProcessRun:
        """Prepare a run: with decisions, lay out what the earlier run kept."""
        models = context.model_hashes()
        key = _key(source, context, models)
        kept = KeptStages(context.registry, key)
        if decisions is not None:  # any other run does its own work
            kept.lay_out(folder.cache)
        runner = StageRunner(ui, StageCache(folder.cache, context.registry.stages(), key), source.info.duration)
        stages = Stages(source, context, runner)
        run = cls(source, context, ui, folder, decisions, models, key, stages, runner, kept)
        if run.is_last and context.settings.process.review:
            ui.note(LAST)
        return run

    @property
    def is_last(self) -> bool:
        """Whether the recording's sound is removed at the end, so that it cannot be processed again."""
        return self.source.sidecars is not None and not self.context.settings.process.keep_spool

    def find(self) -> Findings:
        """Look and listen, and decide what must not be seen or heard."""

        def stop() -> None:
            self.ui.note("stopping as soon as each stage has finished its current piece")
            self.ui.cancel()

        faces, speech = parallel(self.stages.faces, self.stages.speech, stop)
        people = self.stages.people(speech.diarization, faces)
        plan = self.stages.plan(speech, people)
        notes = (*speech.diarization.notes, *people.notes)
        leads = shown_leads(self.context, faces)
        return Findings(faces, people, plan, notes, tuple(speech.diarization.speech), leads)

    def corrected(self, found: Findings) -> Findings:
        """What was found, as people decided; what they added is checked by ear."""
        if self.decisions is None:
            return found
        draft = Draft(found.faces, found.people, found.plan)
        done = decided(self.decisions, draft, self.source, self.context, found.speech)
        plan = self.stages.verify_added(done.draft.plan, done.draft.added)
        return replace(found, faces=done.draft.faces, people=done.draft.people, plan=plan, reviewed=done.before)

    def render(self, findings: Findings) -> tuple[Findings, SafeRecording]:
        """Write the safe recording. After decisions, copy from the earlier one what is the same.

        Returns the findings with what there is to say about the voices, and the recording.
        """
        voices = self.stages.voices(findings.people, findings.plan)
        findings = replace(findings, plan=findings.plan.noted(*voices.notes))
        target = RenderTarget(self.folder.staging / f"safe{suffix_for(self.source.info)}")
        if self.decisions is not None:
            earlier = self.folder.folder / target.path.name
            before = self.folder.replaced()
            target = earlier_recording(self.context.registry, self.key, before, earlier, target.path)
        rendered = self.stages.render(findings.faces, findings.people, findings.plan, voices, target)
        if target.earlier is not None:
            target.earlier.unlink()
        self.source.check_unchanged()
        return findings, SafeRecording(target.path, rendered, voices.track is not None)

    def document(self, findings: Findings, safe: SafeRecording) -> Timeline:
        """The timeline; the annotated recording is written as well, if it is wanted."""
        timeline = self._timeline(findings, safe)
        if not (self.context.settings.process.annotated and self.source.info.has_video):
            return timeline
        annotated, settings = self.folder.staging / ANNOTATED, self.context.settings.capture
        self.runner.measured(
            "annotate", "Annotated recording", lambda p: annotate(safe.path, timeline, annotated, settings, p)
        )
        return self._timeline(findings, safe)  # with what that cost

    def write(self, timeline: Timeline, findings: Findings, safe: SafeRecording) -> None:
        """Write the texts into the staging folder, and search all that lies there for private words."""
        folder, settings = self.folder, self.context.settings
        written = public_form(timeline) if settings.process.timeline == "public" else timeline
        # With the boxes of masked faces, which the public form does not hold: the pictures show the masks.
        pictures = portraits(safe.path, timeline, settings.capture)
        folder.write_texts(written, report_text(written), report_page(written, pictures))
        usual = Settings().model_dump(mode="json")
        scan(folder.staging, folder.cache, written, findings.plan.forms, usual)

    def keep(self, timeline: Timeline, findings: Findings, safe: SafeRecording) -> None:
        """Keep with the registry what sharing and reviewing need."""
        _keep_for_sharing(self.context, timeline, findings, self.ui)
        if not self.context.settings.process.review:
            return
        record = RerunRecord.of(self.key, self.source, self.context, findings.leads).model_copy(
            update={
                "decisions": digest_of(self.decisions),
                "safe_sha256": source_hash(safe.path),
                "mark": safe.rendered.mark,
                "again": not self.is_last,
            }
        )
        _keep_for_review(self.kept, self.folder, timeline, record, self.ui)

    def drop_sound(self) -> None:
        """Remove the sealed sound of a live recording, unless it is to be kept."""
        if self.source.sidecars is not None and self.is_last:
            self.source.sidecars.drop_sound()

    def _timeline(self, findings: Findings, safe: SafeRecording) -> Timeline:
        style = self.context.settings.vision.mask.style
        provenance = self._provenance(findings, safe)
        timeline = make_document(
            self.source.info, findings.faces.tracks, findings.people, findings.plan, style, provenance
        )
        return timeline if findings.reviewed is None else keep_redaction_ids(timeline, findings.reviewed)

    def _provenance(self, findings: Findings, safe: SafeRecording) -> Provenance:
        made = Provenance(
            version=__version__,
            created=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            source=source_token(self.context.registry, self.source.sha256),
            source_sha256=self.source.sha256,
            profile=self.context.settings.profile,
            models=self.models,
            settings=self.context.public_settings(),
            stages=self.runner.reports,
            notes=_notes(self.source, self.context, findings, safe.rendered.unseen, self.folder.folder),
        )
        return made.model_copy(update={"mark": MARK}) if safe.synthetic else made


def _keep_for_sharing(context: RunContext, timeline: Timeline, findings: Findings, ui: Ui) -> None:
    """Whose consent decides about whom, for sharing, and the whole document. Without them the results stand alone."""
    try:
        keep_links(context.registry, timeline, findings.people.enrolled)
    except DiscreetError as error:
        ui.warn(f"who is who could not be kept with the registry ({error}); sharing will ask for it")
    try:
        keep_details(context.registry, timeline)
    except DiscreetError as error:
        ui.warn(f"the details of the result could not be kept with the registry ({error})")


def _keep_for_review(kept: KeptStages, folder: OutputFolder, timeline: Timeline, record: RerunRecord, ui: Ui) -> None:
    """The sealed stages and where they belong. Without them a review has to do all of the work again."""
    try:
        if record.again:
            kept.take_in(folder.cache)
        keep_record(kept.registry, timeline, record, folder.replaced())
    except DiscreetError as error:
        ui.warn(f"what a review needs could not be kept with the registry ({error})")


def _key(source: Source, context: RunContext, models: dict[str, str]) -> str:
    """What tells this run from others: everything that decides its results."""
    facts = {
        "version": __version__,
        "source": source.sha256,
        "settings": context.deciding_settings(),
        "models": models,
        "people": context.people_digest(),
    }
    if source.sidecars is not None:
        facts["session"] = source.sidecars.facts
    return run_key(facts)


def _notes(source: Source, context: RunContext, findings: Findings, unseen: int, folder: Path) -> list[str]:
    """What was not done, and what is odd about the recording."""
    notes = notes_on(source.info, findings.faces.tracks, unseen)
    damaged = context.registry.damaged()
    if damaged and damaged[0].everybody:
        notes.append(f"Nobody who is enrolled was recognised: {damaged[0].reason}. To mend it, {damaged[0].remedy}.")
    elif damaged:
        unread = number_of(len(damaged), "record")
        notes.append(f"{unread} of enrolled people could not be read: strangers are not quoted.")
    notes += [*context.notes(findings.notes), *source.notes(), *findings.plan.notes]
    if named_after(folder, findings.plan.forms):
        notes.append("The name of the results' folder holds a private word: rename it before you pass it on.")
    return notes
