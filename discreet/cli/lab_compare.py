"""``discreet lab compare`` and ``select``: converters side by side, and the choice of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from discreet.cli.console import ending, err, out, print_json
from discreet.cli.options import JsonFlag, QuietFlag

app = typer.Typer()


def progress_printer(quiet: bool) -> Callable[[str], None]:
    """Shows lines of progress, unless ``quiet``."""

    def show(line: str) -> None:
        if not quiet:
            err.print(escape(line))

    return show


@app.command()
def compare(
    speech: Annotated[
        Path,
        typer.Argument(readable=False, help="Original voices that no model has learned from: SPEAKER/TAKE.wav."),
    ],
    output: Annotated[
        Path, typer.Option("-o", "--output", readable=False, help="Keep converted speech and figures in this folder.")
    ],
    model: Annotated[
        list[str] | None,
        typer.Option("--model", help="Compare an exported model as NAME=FOLDER. Repeatable."),
    ] = None,
    built: Annotated[
        list[str] | None,
        typer.Option(
            "--built-in", help="Compare a converter that needs no model: original, mcadams, warp. Repeatable."
        ),
    ] = None,
    converted: Annotated[
        list[str] | None,
        typer.Option(
            "--converted",
            help="Compare speech converted elsewhere, as NAME=FOLDER with KEY/SPEAKER/TAKE.wav. Repeatable.",
        ),
    ] = None,
    keys: Annotated[int, typer.Option("--keys", min=1, help="Use this many keys.")] = 2,
    most: Annotated[int, typer.Option("--most", min=1, help="Check the words of at most this many takes.")] = 24,
    scenarios: Annotated[
        bool, typer.Option("--scenarios", help="Also compare in noise, in rooms, on the telephone and so on.")
    ] = False,
    quality: Annotated[
        bool, typer.Option("--quality/--no-quality", help="Compare words, melody and sound (default), or skip that.")
    ] = True,
    quiet: QuietFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Attack, listen to and time several converters on the same speech, and print one table."""
    with ending(as_json):
        from discreet.lab import Comparison, Plan, built_in, fairness_lines, of_bundle, save, scenario_table, table
        from timeline import InputError, make_folder
        from weights import Store

        store, known = Store(), built_in()
        chosen = {name: known[name] for name in built or [] if name in known}
        if len(chosen) < len(built or []):
            raise InputError("there is no such built-in converter", f"known are: {', '.join(known)}")
        chosen |= {name: of_bundle(Path(folder), store) for name, folder in _named(model, "--model")}
        others = _named(converted, "--converted")
        if not chosen and not others:
            raise InputError("there is nothing to compare", "name systems with --model, --built-in or --converted")
        make_folder(output)
        comparison = Comparison(
            speech, output, store, Plan(keys, most, scenarios, quality), progress_printer(quiet or as_json)
        )  # fmt: skip
        steps = [partial(comparison.converted, name, convert) for name, convert in chosen.items()]
        steps += [partial(comparison.judged, name, Path(folder)) for name, folder in others]
        rows = []
        for step in steps:  # what is done is kept, even if the next one is stopped
            rows.append(step())
            path = save(output, rows, {"speech": speech.name, "keys": keys, "most": most})
        systems = [asdict(row) for row in rows]
        if as_json:
            print_json({"file": path, "systems": systems})
            return
        for text in (table(systems), scenario_table(systems), *fairness_lines(systems)):
            out.print(escape(text))


@app.command()
def select(
    comparison: Annotated[Path, typer.Argument(readable=False, help="The comparison.json of `discreet lab compare`.")],
    output: Annotated[Path, typer.Option("-o", "--output", readable=False, help="Write the report to this folder.")],
    criteria: Annotated[
        Path | None,
        typer.Option(
            "--criteria",
            readable=False,
            help="Read gates and weights from this TOML file; default: privacy 45, content 25, prosody, quality and"
            " speed 10 each.",
        ),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Choose a converter by gates and weights, and say why. Exit with 9 if none passes the gates."""
    with ending(as_json):
        from discreet.lab import judged, read_comparison, read_criteria, why, write_report

        given, found = read_criteria(criteria), read_comparison(comparison)
        ranking = judged(found["systems"], given)
        files = write_report(output, found, ranking, given)
        reasons = why(ranking, given)
        none = not ranking or bool(ranking[0].failed)
        if as_json:
            print_json({"chosen": None if none else ranking[0].name, "why": reasons, "files": files})
        else:
            for line in reasons:
                out.print(escape(line))
    if none:
        from timeline import ExitCode

        raise typer.Exit(int(ExitCode.REFUSED))


def _named(given: list[str] | None, option: str) -> list[tuple[str, str]]:
    from timeline import InputError

    found = []
    for each in given or []:
        name, sign, folder = each.partition("=")
        if not sign or not name or Path(name).name != name:
            raise InputError(f"{option} {each} names no folder", f"write {option} NAME=FOLDER")
        found.append((name, folder))
    return found
