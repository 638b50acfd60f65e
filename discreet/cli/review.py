"""``discreet review``, ``open`` and ``library``: results in the hands of people."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from discreet.cli.console import ending, err, out, print_json
from discreet.cli.options import ConfigFile, JsonFlag, RegisteredFolder, SetOption

Results = Annotated[Path, typer.Argument(readable=False, help="A results folder of `discreet process`.")]
BrowserFlag = Annotated[
    bool, typer.Option("--browser/--no-browser", help="Open the browser (default), or only print the address.")
]


def review(
    folder: Results,
    browser: BrowserFlag = True,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Use this port of 127.0.0.1; default: any that is free.")
    ] = 0,
    idle: Annotated[
        float, typer.Option("--idle", min=1, max=1440, help="End after this many minutes without use; default: 30.")
    ] = 30.0,
    reviewer: Annotated[
        str | None, typer.Option("--reviewer", help="Name the reviewer in the decisions; default: the system account.")
    ] = None,
    original: Annotated[
        Path | None,
        typer.Option(
            "--original",
            readable=False,
            help="Let owners of --project see and hear what was removed from this recording. Each access is logged.",
        ),
    ] = None,
    project: Annotated[
        str | None, typer.Option("--project", help="Name the sharing project whose owners may see the original.")
    ] = None,
    second_reviewer: Annotated[
        bool,
        typer.Option(
            "--second-reviewer", help="Ask, from now on, for a second person to confirm before results are published."
        ),
    ] = False,
    config: ConfigFile = None,
    settings: SetOption = None,
    registered: RegisteredFolder = None,
) -> None:
    """Open a page in the browser to watch, listen to and correct results.

    The page is on this computer only and ends when you close it. What you see and hear is the safe recording.
    """
    with ending():
        from discreet.cli.review_offer import ReviewOffer
        from discreet.config.settings import SettingsError, load
        from discreet.review import Decisions, decide
        from discreet.review.originals import Originals
        from discreet.review.server import ReviewFolder, ReviewRequest, serve
        from registered import Registry

        loaded = load(config, settings or [])
        opened = ReviewFolder.open(folder)
        registry = Registry.open(registered, settings=loaded.registered)
        if (original is None) != (project is None):
            raise SettingsError("--original and --project belong together", "give both, or neither")
        behind = None
        if original is not None and project is not None:
            behind = Originals.open(original, opened.timeline, registry, project, loaded.capture)
        if second_reviewer:
            decide(opened.path, Decisions.with_second_reviewer)
        offered = ReviewOffer(opened, registry, reviewer or "", behind)
        request = ReviewRequest(opened, loaded.capture, port, idle * 60, offer=offered)

        def ready(address: str, entrance: str) -> None:
            out.print(f"Review at {address}", markup=False)
            out.print("The address is a secret: who has it can review. Close the page, or press Ctrl-C, to end.")
            if browser and typer.launch(entrance):
                err.print("No browser could be opened: open the address above.")

        out.print(f"The review is over: {serve(request, ready)}.")


def open_results(
    folder: Results,
    show: Annotated[
        str, typer.Option("--show", help="Show the report (default), the recording, or the folder itself.")
    ] = "report",
) -> None:
    """Open the results in a folder with the programs of your desktop."""
    with ending():
        from discreet.config.settings import SettingsError
        from discreet.results.folder import PAGE, RECORDINGS
        from discreet.results.reading import read_timeline
        from timeline import InputError

        read_timeline(folder)
        names = {"report": (PAGE,), "recording": RECORDINGS[:2], "folder": (".",)}
        if show not in names:
            raise SettingsError(f"--show {show} is unknown", "give report, recording or folder")
        path = next((folder / name for name in names[show] if (folder / name).exists()), None)
        if path is None:
            raise InputError(f"{folder} has no {show}", "process the recording again, or give another --show")
        out.print(str(path), markup=False)
        if typer.launch(str(path)):
            err.print("No program could be started: open it by hand.")


def library(
    folder: Annotated[Path, typer.Argument(readable=False, help="A folder with recordings and results.")] = Path(),
    registered: RegisteredFolder = None,
    config: ConfigFile = None,
    as_json: JsonFlag = False,
) -> None:
    """List the recordings and results under a folder, with their state."""
    with ending(as_json):
        from discreet.config.settings import load
        from discreet.results.library import library as find
        from discreet.review.states import States
        from registered import Registry
        from timeline import stamp

        states = States(Registry.open(registered, settings=load(config, []).registered))
        found = find(folder, states)
        if as_json:
            rows = [
                {"path": one.path, "state": one.state, "duration": one.duration, "people": one.people, "made": one.made}
                for one in found
            ]
            print_json(rows)
            return
        table = Table("state", "length", "people", "made", "path", box=None, pad_edge=False)
        for one in found:
            length = "" if one.duration is None else stamp(one.duration)[:8]
            table.add_row(one.state, length, escape(", ".join(one.people)), one.made[:16], escape(str(one.path)))
        out.print(table if found else "There is nothing here.")
