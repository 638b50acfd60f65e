"""``discreet aavid``: the three stages of AAVID with its own options, folders and files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from discreet.cli import record
from discreet.cli.console import ending, err, out, print_json
from discreet.cli.galleries import asker, print_imported
from discreet.cli.options import ConfigFile, JsonFlag, QuietFlag, RegisteredFolder, SetOption
from discreet.cli.registry import open_registry
from timeline import share_files

if TYPE_CHECKING:
    from discreet.config import Settings
    from discreet.pipeline import RunContext
    from weights import Store

    Chosen = tuple[str, float, str]
    """A setting, its value, and a line where that is not the one that was wanted."""
    Limit = Callable[[Store, Settings], Chosen | None]

app = typer.Typer(
    no_args_is_help=True,
    help="Run the three stages of AAVID with its options, folders and files: mask, speakers, biometrics.",
)

FaceFolder = Annotated[
    Path, typer.Option("--faceDB", readable=False, help="Read photos of people from this folder: NAME/*.jpg.")
]
VoiceFolder = Annotated[
    Path, typer.Option("--voiceDB", readable=False, help="Read clips of voices from this folder: NAME.wav.")
]
ConsentOption = Annotated[
    str | None,
    typer.Option(
        "--consent",
        help="Enrol new people of the folders, who agree to any of seen,heard,quoted,named; or all; or none.",
    ),
]
FACE_FOLDER, VOICE_FOLDER = Path("registeredFaces"), Path("voice_samples")


@app.command()
def mask(
    camera: Annotated[str, typer.Option("--cam", help="Choose the camera by number or name.")] = "0",
    microphone: Annotated[
        str | None, typer.Option("--mic", help="Choose the microphone by number or name; default: the system's.")
    ] = None,
    outfile: Annotated[
        Path, typer.Option("--outfile", readable=False, help="Write the recording to this .mp4 file.")
    ] = Path("output/masked.mp4"),
    duration: Annotated[
        float | None,
        typer.Option("--duration", min=0.1, help="Stop after this many seconds; default: record until you stop it."),
    ] = None,
    play: Annotated[
        Path | None, typer.Option("--play", readable=False, help="Play this file in place of camera and microphone.")
    ] = None,
    faces: FaceFolder = FACE_FOLDER,
    consent: ConsentOption = None,
    settings: SetOption = None,
    config: ConfigFile = None,
    registered: RegisteredFolder = None,
    quiet: QuietFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Record a meeting with faces masked before anything is written: stage 1."""
    with ending(as_json):
        context, options = _context(config, settings or [], registered, quiet or as_json)
        _galleries(context, faces, None, consent)
        record.record(
            outfile=outfile,
            camera=camera,
            microphone=microphone,
            play=play,
            duration=duration,
            config=config,
            settings=options,
            registered=registered,
            quiet=quiet,
            as_json=as_json,
        )


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def speakers(
    rest: typer.Context,
    folder: Annotated[
        Path,
        typer.Option("--videoFolder", readable=False, help="Look for the video in this folder, and write beside it."),
    ] = Path("output"),
    name: Annotated[str, typer.Option("--videoName", help="Name the video, without its ending.")] = "masked",
    masking: Annotated[
        bool,
        typer.Option(
            "--face_masking/--no_face_masking",
            help="Also mask faces in a video that is already masked; any other video is always masked.",
        ),
    ] = False,
    threshold: Annotated[
        float | None,
        typer.Option("--simThreshold", help="Name a face only at this similarity or above, within safe bounds."),
    ] = None,
    faces: FaceFolder = FACE_FOLDER,
    voices: VoiceFolder = VOICE_FOLDER,
    consent: ConsentOption = None,
    settings: SetOption = None,
    config: ConfigFile = None,
    registered: RegisteredFolder = None,
    quiet: QuietFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Measure whose lips speak, and draw boxes and scores: stage 2."""
    from discreet.aavid import Folders, face_threshold, find_video, score_speakers, without_effect
    from discreet.cli.running import interruptible
    from discreet.progress import Quiet, terminal

    with ending(as_json):
        unused = without_effect(rest.args)
        video = find_video(folder, name)

        def limit(store: Store, chosen: Settings) -> Chosen | None:
            if threshold is None:
                return None
            return ("vision.recognise.track", *face_threshold(store, chosen, threshold))

        context, _ = _context(config, settings or [], registered, quiet or as_json, limit)
        context = _galleries(context, faces, voices, consent)
        still = quiet or as_json
        with interruptible(), nullcontext(Quiet()) if still else terminal(err) as ui:
            done = score_speakers(video, Folders(folder / video.stem), context, ui, mask=masking)
        notes = [*done.notes, *([unused] if unused else [])]
        if as_json:
            print_json({"files": done.files, "notes": notes})
            return
        _files(done.files, notes)


@app.command()
def biometrics(
    folder: Annotated[
        Path, typer.Option("--dir", readable=False, help="Look for the video in this folder, and write there.")
    ] = Path("output/masked/pyavi"),
    name: Annotated[str, typer.Option("--video_name", help="Name the video, with its ending.")] = "video_out.avi",
    threshold: Annotated[
        float,
        typer.Option("--sim_threshold", help="Name a voice only at this similarity or above, within safe bounds."),
    ] = 0.5,
    clean: Annotated[
        float,
        typer.Option("--min_clean_segment", min=1.0, help="Set the least seconds of clean speech to name a voice."),
    ] = 1.0,
    keep_spool: Annotated[
        bool,
        typer.Option("--keep-spool", help="Keep the sealed original voices beside the video; default: remove them."),
    ] = False,
    voices: VoiceFolder = VOICE_FOLDER,
    consent: ConsentOption = None,
    settings: SetOption = None,
    config: ConfigFile = None,
    registered: RegisteredFolder = None,
    quiet: QuietFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Name who speaks when, by voice and face: stage 3."""
    from discreet.aavid import name_speakers, voice_threshold
    from discreet.cli.running import interruptible
    from discreet.progress import Quiet, terminal

    with ending(as_json):
        own = [
            *(settings or []),
            f"diarization.fusion.min_voice={clean}",
            *(["process.keep_spool=true"] if keep_spool else []),
        ]
        limit = ("diarization.fusion.name_similarity", *voice_threshold(threshold))
        context, _ = _context(config, own, registered, quiet or as_json, lambda store, chosen: limit)
        context = _galleries(context, None, voices, consent)
        still = quiet or as_json
        with interruptible(), nullcontext(Quiet()) if still else terminal(err) as ui:
            done = name_speakers(folder, name, context, ui)
        if as_json:
            print_json({"files": done.files, "folder": done.processed.folder, "notes": done.notes})
            return
        _files(done.files, [*done.notes, f"The safe recording and all other results are in {done.processed.folder}."])


@app.command("import")
def import_files(
    folder: Annotated[
        Path,
        typer.Option("--dir", readable=False, help="Read the files of AAVID in and below this folder."),
    ],
    output: Annotated[Path, typer.Option("-o", "--output", readable=False, help="Write timeline.json to this folder.")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a timeline.json that is there.")] = False,
) -> None:
    """Import the text files of AAVID's own scripts as a timeline.json, for `discreet export`."""
    from discreet.aavid import read_earlier
    from timeline import OutputError, make_folder, write_error, write_file

    with ending():
        made, path = read_earlier(folder), output / "timeline.json"
        if path.exists() and not overwrite:
            raise OutputError(f"{path} is there already", "choose another folder with -o, or give --overwrite")
        try:
            make_folder(output)
        except OSError as error:
            raise write_error(output, error) from None
        write_file(path, made.to_json())
        out.print(escape(str(path)))


def _context(
    config: Path | None,
    own: Sequence[str],
    registered: Path | None,
    quiet: bool,
    limit: Limit | None = None,
) -> tuple[RunContext, list[str]]:
    """What a stage runs with, and its settings as options: AAVID's models where they are, below what the user set."""
    from discreet.aavid import best_models
    from discreet.config import load
    from discreet.pipeline import RunContext
    from weights import Store

    store = Store()
    options, line = best_models(store, lambda more: load(config, more))
    options += own
    if not quiet:
        err.print(escape(line))
    chosen = limit(store, load(config, options)) if limit is not None else None
    if chosen is not None:
        setting, value, note = chosen
        options.append(f"{setting}={value}")
        if note:  # a warning about safety, which --quiet does not hide
            err.print(escape(note))
    loaded = load(config, options)
    share_files(loaded.files.shared)
    return RunContext.of(loaded, store, open_registry(registered, loaded.registered)), options


def _galleries(context: RunContext, faces: Path | None, voices: Path | None, consent: str | None) -> RunContext:
    """Enrol who is in the folders and answered; the context with them. A default folder need not be there."""
    from discreet.aavid import import_people, members
    from discreet.aavid.galleries import unasked_line
    from discreet.pipeline import RunContext

    def there(folder: Path | None, usual: Path) -> Path | None:
        return None if folder is None or (folder == usual and not folder.is_dir()) else folder

    gallery = members(there(faces, FACE_FOLDER), there(voices, VOICE_FOLDER))
    print_imported(import_people(context, gallery, asker(consent) or _leave_out))
    line = unasked_line(context.registry, gallery)
    if line:
        err.print(escape(line))
    return RunContext.of(context.settings, context.store, context.registry)


def _leave_out(name: str) -> None:
    """Nobody is there to answer."""


def _files(files: dict[str, Path], notes: Sequence[str]) -> None:
    for path in files.values():
        out.print(f"[bold]{escape(str(path))}[/]")
    for note in notes:
        out.print(f"note: {escape(note)}")
