"""``discreet export``: results in the formats that other programs read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from discreet.cli.console import ending, out, print_json
from discreet.cli.options import JsonFlag

EVERY = "all"


def export(
    results: Annotated[Path, typer.Argument(readable=False, help="A folder of results, or its timeline.json.")],
    formats: Annotated[
        list[str],
        typer.Option(
            "--format",
            help="Choose the format: rttm, uem, ctm, stm, vtt, srt, json, whisperx, aud (Audacity), eaf (ELAN), "
            "textgrid (Praat), label-studio, kaldi, all. Repeatable.",
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", readable=False, help="Write to this folder; default: the folder exports in the results."
        ),
    ] = None,
    name: Annotated[
        str, typer.Option("--name", help="Name the recording this in the files and in their names.")
    ] = "recording",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files that are there already.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Write results in the formats of other programs. Private words stay placeholders, such as [PERSON]."""
    with ending(as_json):
        from discreet.export import FORMATS
        from discreet.export import export as write
        from discreet.results import read_timeline

        folder = results if results.is_dir() else results.parent
        chosen = list(FORMATS) if EVERY in formats else formats
        files = write(read_timeline(results), chosen, output or folder / "exports", name, overwrite=overwrite)
        if as_json:
            print_json({"files": files})
            return
        for path in files:
            out.print(escape(str(path)))
