"""``discreet record``, ``recover`` and ``devices``: a meeting recorded safe from the first picture on."""

from __future__ import annotations

import contextlib
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from discreet.cli.console import ending, err, out, print_json
from discreet.cli.options import ConfigFile, JsonFlag, ProfileOption, RegisteredFolder, of_profile
from discreet.cli.registry import open_registry
from timeline import DiscreetError, ExitCode, place_of, share_files

if TYPE_CHECKING:
    from capture.live import Recorder


def record(
    output: Annotated[
        Path,
        typer.Option(
            "-o", "--output", readable=False, help="Write the recording to this folder, named by date and time."
        ),
    ] = Path("sessions"),
    outfile: Annotated[
        Path | None, typer.Option("--outfile", readable=False, help="Write the recording to this .mp4 file instead.")
    ] = None,
    camera: Annotated[
        str,
        typer.Option(
            "--cam", help="Choose the camera by number or name (see `discreet devices`), or: none, synthetic."
        ),
    ] = "0",
    microphone: Annotated[
        str | None,
        typer.Option(
            "--mic", help="Choose the microphone by number or name, or: none, synthetic. Default: the system's."
        ),
    ] = None,
    play: Annotated[
        Path | None, typer.Option("--play", readable=False, help="Play this file in place of camera and microphone.")
    ] = None,
    duration: Annotated[
        float | None,
        typer.Option("--duration", min=0.1, help="Stop after this many seconds; default: record until you stop it."),
    ] = None,
    sound: Annotated[
        str | None,
        typer.Option(
            "--sound",
            help="Choose the sound: voice (everybody in another voice; default), keep (original voices), or none.",
        ),
    ] = None,
    voice: Annotated[
        str | None, typer.Option("--voice", help="Change voices while recording: live is the same as --sound voice.")
    ] = None,
    spool: Annotated[
        str | None,
        typer.Option("--spool", help="Keep the original voices for `discreet process`: encrypted (default), or off."),
    ] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="Open a window that shows the pictures as they are recorded, masked.")
    ] = False,
    config: ConfigFile = None,
    profile: ProfileOption = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="Change one setting, e.g. record.fps=25. Repeatable.")
    ] = None,
    registered: RegisteredFolder = None,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Show no status while recording.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Record a meeting, with faces masked before anything is written.

    Only enrolled people who agreed to be seen are shown. Press p to pause and q or Ctrl-C to stop, or send SIGUSR1 and
    SIGTERM. After a crash, run `discreet recover`.
    """
    options = [*of_profile(profile), *(settings or []), *_options(sound, voice, spool)]
    with ending(as_json):
        from discreet.config.settings import load
        from discreet.live import Controls, RecordingRequest, default_name, facts, notice, record_meeting
        from discreet.pipeline import RunContext
        from weights import Store

        values = load(config, options)
        share_files(values.files.shared)
        context = RunContext.of(values, Store(), open_registry(registered, values.registered))
        request = RecordingRequest(
            outfile or default_name(output), camera, microphone, play, duration or math.inf, preview
        )
        if not as_json:
            for line in notice(context):
                err.print(escape(line), style="bold")
        with _view(quiet or as_json) as watch:
            done = record_meeting(request, context, Controls(watch, _steer))
        if as_json:
            error = done.recorded.error
            print_json({**facts(done), "ended": _said(error) if error is not None else ""})
        else:
            _tell(done)
        _exit(done.recorded.error)


def _options(sound: str | None, voice: str | None, spool: str | None) -> Iterator[str]:
    if voice not in (None, "live") or (voice is not None and sound not in (None, "voice")):
        raise typer.BadParameter("--voice takes only: live; see --sound", param_hint="--voice")
    if sound is not None or voice is not None:
        yield f"record.sound={sound or 'voice'}"
    if spool is not None:
        yield f"record.spool={spool}"


@contextlib.contextmanager
def _view(quiet: bool) -> Iterator[Any]:
    from discreet.live import view

    if quiet:
        yield None
        return
    with view(err, keys=sys.stdin.isatty()) as watch:
        yield watch


@contextlib.contextmanager
def _steer(recorder: Recorder) -> Iterator[None]:
    from discreet.live import keyboard, signals

    def press(key: str) -> None:
        if key in "pP ":
            recorder.pause()
        elif key in "qQ":
            recorder.stop()

    with signals(recorder), keyboard(press):
        yield


def _tell(done: Any) -> None:
    from discreet.live import masked_whole

    recorded = done.recorded
    for name, path in done.files.items():
        out.print(f"{name:<10} {escape(str(path))}")
    if recorded.path is None:
        return
    out.print(
        f"{recorded.duration:.1f} s, {recorded.frames_out} pictures ({recorded.dropped} dropped, "
        f"{masked_whole(recorded)} masked whole), {len(recorded.tracks)} face tracks"
    )
    for note in recorded.notes:
        out.print(f"note: {escape(note)}")
    out.print(f"next: discreet process '{escape(str(recorded.path))}'")


def _said(error: BaseException) -> str:
    if isinstance(error, DiscreetError):
        return str(error)
    if isinstance(error, KeyboardInterrupt):
        return "it was interrupted"
    return f"a fault in the program: {type(error).__name__} at {place_of(error)}"


def _exit(error: BaseException | None) -> None:
    if error is None:
        return
    err.print(f"[bold red]discreet:[/] the recording ended early: {escape(_said(error))}")
    if isinstance(error, DiscreetError):
        if error.remedy:
            err.print(f"  {escape(error.remedy)}")
        raise typer.Exit(int(error.exit_code))
    raise typer.Exit(int(ExitCode.INTERRUPTED if isinstance(error, KeyboardInterrupt) else ExitCode.INTERNAL))


def recover(
    recording: Annotated[
        Path,
        typer.Argument(readable=False, help="The NAME.recording.mp4 that was left behind."),
    ],
    as_json: JsonFlag = False,
) -> None:
    """Finish a recording that a crash or power cut interrupted. Only its last moment is lost."""
    with ending(as_json):
        from capture.writing import recover as finish
        from discreet.cli.running import interruptible

        with interruptible():
            path = finish(recording)
        if as_json:
            print_json({"file": path})
        else:
            out.print(escape(str(path)))


def devices(as_json: JsonFlag = False) -> None:
    """List cameras and microphones with their numbers."""
    with ending(as_json):
        from capture.devices import list_cameras, list_microphones

        cameras = list_cameras()
        problem = ""
        try:
            microphones = list_microphones()
        except DiscreetError as error:
            microphones, problem = [], f"{error}: {error.remedy}"
        if as_json:
            rows = [("camera", device) for device in cameras] + [("microphone", device) for device in microphones]
            listed = [
                {"kind": kind, "number": d.number, "name": d.name, "url": d.url, "default": d.default}
                for kind, d in rows
            ]
            print_json({"devices": listed, "notes": [problem] if problem else []})
            return
        table = Table("", "number", "name", "", box=None, pad_edge=False)
        for device in cameras:
            table.add_row("camera", str(device.number), escape(device.name), escape(device.url))
        for device in microphones:
            table.add_row("microphone", str(device.number), escape(device.name), "default" if device.default else "")
        if cameras or microphones:
            out.print(table)
        if not cameras:
            out.print("no camera was found")
        if problem:
            out.print(escape(problem))
        elif not microphones:
            out.print("no microphone was found")
