"""Stage 3: who speaks when, by voice and face. It is ``process``, with AAVID's names for the results."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from capture.writing import sidecar_name
from discreet.pipeline import RunContext
from discreet.pipeline.recording_id import recording_id
from discreet.process import ProcessResult, process
from discreet.progress import Ui
from discreet.results import annotate
from timeline import InputError, Timeline, timeline_labeled, write_file

GONE = (
    "The original voices beside the video are gone, so voices were told apart in the changed sound, which names nobody."
    " Run"
    " stage 2 again to have them; --keep-spool keeps them for another run of stage 3."
)


@dataclass(frozen=True, slots=True)
class BiometricsResult:
    """What stage 3 gave: AAVID's files by name, what ``process`` gave, and lines to read."""

    files: dict[str, Path]
    processed: ProcessResult
    notes: tuple[str, ...] = ()


def name_speakers(folder: Path, name: str, context: RunContext, ui: Ui) -> BiometricsResult:
    """Tell who speaks when in the recording ``name`` of ``folder``, and write AAVID's files there.

    The safe recording and the document go to the folder ``NAME-safe`` beside it. Earlier results are replaced.

    Raises:
        InputError: it is not there, or not a recording.
        ModelError: a model is missing or damaged.
        OutputError: something cannot be written.
        UnsafeError: a private word was found where none may stand.
    """
    video = folder / name
    if not video.is_file():
        raise InputError(f"{folder} holds no {name}", "give --dir and --video_name as stage 2 left them")
    notes = (GONE,) if own_voices_gone(video) else ()
    done = process(video, folder / f"{video.stem}-safe", context, ui, overwrite=True)
    labelled = with_unknown(done.timeline)
    files = {"timeline_labeled.txt": folder / "timeline_labeled.txt"}
    write_file(files["timeline_labeled.txt"], timeline_labeled(labelled))
    safe = done.files.get("safe.mp4")
    if safe is not None:
        files["annotated_video.mp4"] = folder / "annotated_video.mp4"
        progress = ui.stage("Annotated video")
        annotate(safe, labelled, files["annotated_video.mp4"], context.settings.capture, progress)
        progress(1.0)
    return BiometricsResult(files, done, notes)


def own_voices_gone(video: Path) -> bool:
    """Whether the recorder or stage 2 made the video, but the own voices no longer lie beside it."""
    return bool(recording_id(video)) and not sidecar_name(video).exists()


def with_unknown(timeline: Timeline) -> Timeline:
    """The document with AAVID's labels for people without a name: unknown_1 and so on, by their first words."""
    turns = sorted(timeline.turns, key=lambda turn: (turn.start, turn.end))
    order = list(dict.fromkeys([*(turn.person for turn in turns), *(person.id for person in timeline.people)]))
    nameless = [id for id in order if timeline.person(id).name is None]
    labels = {id: f"unknown_{number}" for number, id in enumerate(nameless, 1)}
    people = [p.model_copy(update={"pseudonym": labels.get(p.id, p.pseudonym)}) for p in timeline.people]
    return timeline.model_copy(update={"people": people})
