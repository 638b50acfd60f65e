"""The main job: from a recording to a safe recording and its timeline."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path

from capture import suffix_for
from diarization import Fusion
from discreet.config.settings import Settings
from discreet.pipeline.cache import StageCache, run_key
from discreet.pipeline.codec import Faces
from discreet.pipeline.context import RunContext
from discreet.pipeline.privacy import RedactionPlan
from discreet.pipeline.render_again import RenderTarget
from discreet.pipeline.runner import StageRunner
from discreet.pipeline.source import Source, open_source, source_hash
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
    check_recording,
    decided,
    digest_of,
    earlier_recording,
    keep_record,
    keep_redaction_ids,
    shown_leads,
)
from discreet.share.links import keep_links
from discreet.version import __version__
from timeline import DiscreetError, Provenance, Segment, StageReport, Timeline, public_form
from voice.watermark import MARK

LAST = (
    "the sealed sound of this live recording is removed at the end, so its results cannot be corrected in a review;"
    " to correct them later, stop now and give --keep-spool"
)


@dataclass(frozen=True, slots=True)
class ProcessResult:
    """What a run gave: the folder, its files by name, and the document."""

    folder: Path
    files: dict[str, Path]
    timeline: Timeline


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that was found in a recording and decided about it.

    Attributes:
        faces: every face over time.
        people: the people of the recording and their turns.
        plan: what must not be heard or read.
        notes: what the diarizer said about its result.
        speech: where somebody speaks, s.
    """

    faces: Faces
    people: Fusion
    plan: RedactionPlan
    notes: tuple[str, ...] = ()
    speech: tuple[Segment, ...] = ()


def process(
    path: Path,
    out: Path,
    context: RunContext,
    ui: Ui,
    *,
    overwrite: bool = False,
    decisions: Decisions | None = None,
) -> ProcessResult:
    """Make the recording ``path`` safe and write the results into the folder ``out``.

    Args:
        path: the recording.
        out: the folder.
        context: settings, models and people.
        ui: is told what goes on; may stop the run.
        overwrite: whether results that are there already are replaced.
        decisions: what people decided about the results of an earlier run with the same settings and people. What
            that run kept is used again, and only what the decisions change is made again.

    Raises:
        DecisionsError: the decisions are about another recording or other results, or one of them may not be made.
        InputError: ``path`` is not a recording of anything, or is damaged beyond use.
        ModelError: a model is missing or damaged.
        OutputError: the results cannot be written; nothing half-written is left.
        PeopleError: the enrolled people cannot be read.
        KeyboardInterrupt: stopped; the stages that were finished are kept, sealed, and the next run goes on.
    """
    source = open_source(path, context.settings.capture, context.registry.vault)
    last = source.session is not None and not context.settings.process.keep_spool
    if last and context.settings.process.review:
        ui.note(LAST)
    if decisions is not None:
        check_recording(decisions, source, context)
    with OutputFolder(out, path, overwrite=overwrite) as folder:
        models = context.model_hashes()
        key = _key(source, context, models)
        kept = KeptStages(context.registry, key)
        if decisions is not None:  # any other run does its own work
            kept.lay_out(folder.cache)
        cache = StageCache(folder.cache, context.registry.stages(), key)
        runner = StageRunner(ui, cache, source.info.duration)
        stages = Stages(source, context, runner)
        findings = _find(stages, ui)
        leads, before = shown_leads(context, findings.faces), None
        if decisions is not None:
            found = Draft(findings.faces, findings.people, findings.plan)
            done = decided(decisions, found, source, context, findings.speech)
            plan = stages.verify_added(done.draft.plan, done.draft.added)
            findings = replace(findings, faces=done.draft.faces, people=done.draft.people, plan=plan)
            before = done.before
        recording = "safe" + suffix_for(source.info)
        voices = stages.voices(findings.people, findings.plan)
        findings = replace(findings, plan=findings.plan.noted(*voices.notes))
        target = RenderTarget(folder.staging / recording)
        if decisions is not None:
            earlier = folder.folder / recording
            target = earlier_recording(context.registry, key, folder.replaced(), earlier, target.path)
        rendered = stages.render(findings.faces, findings.people, findings.plan, voices, target)
        if target.earlier is not None:
            target.earlier.unlink()
        source.check_unchanged()

        def made() -> Timeline:
            notes = _notes(source, context, findings, rendered.unseen, folder.folder)
            provenance = _provenance(source, context, models, runner.reports, notes)
            if voices.track is not None:
                provenance = provenance.model_copy(update={"mark": MARK})
            made = _document(source, context, findings, provenance)
            return made if before is None else keep_redaction_ids(made, before)

        timeline = made()
        if context.settings.process.annotated and source.info.has_video:
            safe, annotated = folder.staging / recording, folder.staging / ANNOTATED
            runner.measured(
                "annotate",
                "Annotated recording",
                lambda p: annotate(safe, timeline, annotated, context.settings.capture, p),
            )
            timeline = made()  # with what that cost
        written = public_form(timeline) if context.settings.process.timeline == "public" else timeline
        # With the boxes of masked faces, which the public form does not hold: the pictures show the masks.
        pictures = portraits(folder.staging / recording, timeline, context.settings.capture)
        folder.write_texts(written, report_text(written), report_page(written, pictures))
        usual = Settings().model_dump(mode="json")
        scan(folder.staging, folder.cache, written, findings.plan.forms, usual)
        _keep_with_the_registry(context, timeline, findings, ui)
        if context.settings.process.review:
            record = RerunRecord.of(key, source, context, leads).model_copy(
                update={
                    "decisions": digest_of(decisions),
                    "safe_sha256": source_hash(target.path),
                    "mark": rendered.mark,
                    "again": not last,
                }
            )
            _keep_for_review(kept, folder, timeline, record, ui)
        files = folder.publish(recording)
    if source.session is not None and last:
        source.session.drop_spool()
    return ProcessResult(folder.folder, files, timeline)


def _find(stages: Stages, ui: Ui) -> Findings:
    """Look and listen, and decide what must not be seen or heard."""

    def stop() -> None:
        ui.note("stopping as soon as each stage has finished its current piece")
        ui.cancel()

    faces, speech = parallel(stages.faces, stages.speech, stop)
    people = stages.people(speech.diarization, faces)
    plan = stages.plan(speech, people)
    return Findings(faces, people, plan, (*speech.diarization.notes, *people.notes), tuple(speech.diarization.speech))


def _keep_with_the_registry(context: RunContext, timeline: Timeline, findings: Findings, ui: Ui) -> None:
    """Whose consent decides about whom, for sharing, and the whole document. Without them the results stand alone."""
    try:
        keep_links(context.registry, timeline, findings.people.enrolled)
    except DiscreetError as error:
        ui.note(f"who is who could not be kept with the registry ({error}); sharing will ask for it")
    try:
        keep_details(context.registry, timeline)
    except DiscreetError as error:
        ui.note(f"the details of the result could not be kept with the registry ({error})")


def _keep_for_review(kept: KeptStages, folder: OutputFolder, timeline: Timeline, record: RerunRecord, ui: Ui) -> None:
    """The sealed stages and where they belong. Without them a review has to do all of the work again."""
    try:
        if record.again:
            kept.take_in(folder.cache)
        keep_record(kept.registry, timeline, record, folder.replaced())
    except DiscreetError as error:
        ui.note(f"what a review needs could not be kept with the registry ({error})")


def _key(source: Source, context: RunContext, models: dict[str, str]) -> str:
    """What tells this run from others: everything that decides its results."""
    facts = {
        "version": __version__,
        "source": source.sha256,
        "settings": context.deciding_settings(),
        "models": models,
        "people": context.people_digest(),
    }
    if source.session is not None:
        facts["session"] = source.session.facts
    return run_key(facts)


def _document(source: Source, context: RunContext, findings: Findings, provenance: Provenance) -> Timeline:
    style = context.settings.vision.mask.style
    return make_document(source.info, findings.faces.tracks, findings.people, findings.plan, style, provenance)


def _provenance(
    source: Source, context: RunContext, models: dict[str, str], costs: list[StageReport], notes: list[str]
) -> Provenance:
    return Provenance(
        version=__version__,
        created=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        source=source_token(context.registry, source.sha256),
        source_sha256=source.sha256,
        profile=context.settings.profile,
        models=models,
        settings=context.public_settings(),
        stages=costs,
        notes=notes,
    )


def _notes(source: Source, context: RunContext, findings: Findings, unseen: int, folder: Path) -> list[str]:
    """What was not done, and what is odd about the recording."""
    notes = notes_on(source.info, findings.faces.tracks, unseen)
    damaged = context.registry.damaged()
    if damaged:
        notes.append(f"{len(damaged)} records of enrolled people could not be read: strangers are not quoted.")
    notes += [*context.notes(findings.notes), *source.notes(), *findings.plan.notes]
    if named_after(folder, findings.plan.forms):
        notes.append("The name of the results' folder holds a private word: rename it before you pass it on.")
    return notes
