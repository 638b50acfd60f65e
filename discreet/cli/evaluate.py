"""``discreet evaluate``: measure what Discreet, or anything else, made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from discreet.cli.console import ending, err, out, print_json
from discreet.cli.options import QuietFlag

app = typer.Typer(no_args_is_help=True, help="Measure how well voices are hidden.")


@app.callback()
def _group() -> None:
    """Measure how well voices are hidden."""


@app.command()
def voice(
    originals: Annotated[
        Path, typer.Argument(readable=False, help="Original voices: a folder for each speaker, with two takes or more.")
    ],
    converted: Annotated[
        Path,
        typer.Argument(readable=False, help="The same takes, converted; or a folder for each key that holds them."),
    ],
    training: Annotated[
        Path | None,
        typer.Option(
            "--training", readable=False, help="Let the attacker learn from this converted speech of other people."
        ),
    ] = None,
    undone: Annotated[
        Path | None,
        typer.Option(
            "--undone",
            readable=False,
            help="Also attack these takes: converted speech after an attempt to undo the conversion.",
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option("--json", readable=False, help="Write every figure as JSON into this file; -: standard output."),
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", readable=False, help="Write a page with DET curves into this file.")
    ] = None,
    cache: Annotated[
        Path | None, typer.Option("--cache", readable=False, help="Keep embeddings in this folder; default: nowhere.")
    ] = None,
    quality: Annotated[
        bool,
        typer.Option("--quality/--no-quality", help="Also compare words, melody and sound (default), or skip that."),
    ] = True,
    check: Annotated[
        bool,
        typer.Option(
            "--check/--no-check",
            help="Check the attacker first, on a weak method: McAdams' coefficient (default), or skip that.",
        ),
    ] = True,
    quiet: QuietFlag = False,
) -> None:
    """Attack converted voices with the field's standard attackers, and show the strongest one's results.

    Put recordings in ORIGINALS/SPEAKER/TAKE.wav and CONVERTED/SPEAKER/TAKE.wav, or CONVERTED/KEY/SPEAKER/TAKE.wav for
    voices under several keys, which attackers who know the converter need. ORIGINALS/speakers.csv may give sex and
    accent of speakers.
    """
    as_json = report == Path("-")
    with ending(as_json):
        from discreet.voice_evaluation import Options, Sounds, evaluate, lines, page, read_corpus
        from timeline import OutputError, write_file
        from weights import Store

        corpus = read_corpus(originals, converted, training, undone)
        for path in (report, html):
            if path is not None and not path.parent.is_dir():
                raise OutputError(f"{path} cannot be written: there is no folder {path.parent}", "make it first")
        store = Store()

        def progress(line: str) -> None:
            if not quiet and not as_json:
                err.print(escape(line))

        found = evaluate(corpus, store, Sounds(store, cache), Options(quality=quality, check=check), progress)
        for path, text in (
            (report, json.dumps(found.document(), indent=1, ensure_ascii=False) + "\n"),
            (html, page({converted.name: found})),
        ):
            if path is not None and path != Path("-"):
                write_file(path, text)
        if as_json:
            print_json(found.document())
        else:
            for line in lines(found):
                out.print(escape(line))
