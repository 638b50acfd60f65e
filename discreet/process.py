"""The main job: from a recording to a safe recording and its timeline."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from discreet.pipeline.context import RunContext
from discreet.pipeline.source import open_source
from discreet.process_run import ProcessRun
from discreet.progress import Ui
from discreet.results.folder import OutputFolder
from discreet.review import Decisions, check_recording
from timeline import Timeline


@dataclass(frozen=True, slots=True)
class ProcessResult:
    """What a run gave: the folder, its files by name, and the document."""

    folder: Path
    files: dict[str, Path]
    timeline: Timeline


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
    if decisions is not None:
        check_recording(decisions, source, context)
    with OutputFolder(out, path, overwrite=overwrite) as folder:
        run = ProcessRun.begin(source, context, ui, folder, decisions)
        findings, safe = run.render(run.corrected(run.find()))
        timeline = run.document(findings, safe)
        run.write(timeline, findings, safe)
        run.keep(timeline, findings, safe)
        files = folder.publish(safe.path.name)
    run.drop_sound()
    return ProcessResult(folder.folder, files, timeline)
