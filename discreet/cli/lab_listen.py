"""``discreet lab listen`` and ``ratings``: have people listen to converters, and read what they say."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.markup import escape

from discreet.cli.console import ending, err, out, print_json
from discreet.cli.options import JsonFlag

app = typer.Typer()


@app.command()
def listen(
    speech: Annotated[Path, typer.Argument(readable=False, help="The original voices that were compared.")],
    comparison: Annotated[Path, typer.Argument(readable=False, help="The folder of `discreet lab compare`.")],
    output: Annotated[Path, typer.Option("-o", "--output", readable=False, help="Write the page to this folder.")],
    kind: Annotated[
        Literal["mushra", "ab"],
        typer.Option("--kind", help="Let listeners rate all systems at once (mushra) or choose one of two (ab)."),
    ] = "mushra",
    most: Annotated[int, typer.Option("--most", min=1, help="Play at most this many takes.")] = 8,
    seed: Annotated[int, typer.Option("--seed", help="Use this seed for the order; default: 0.")] = 0,
    as_json: JsonFlag = False,
) -> None:
    """Make a page on which people rate converters without knowing which is which."""
    with ending(as_json):
        from discreet.lab import gathered, write_kit
        from weights import Store

        sounds = gathered(speech, comparison, Store(), most)
        if kind == "ab":
            sounds.pop("anchor")
        page, key = write_kit(output, sounds, kind, seed)
        if as_json:
            print_json({"page": page, "key": key})
        else:
            out.print(f"[bold]{escape(str(page))}[/]: give this page to listeners")
            out.print(f"{escape(str(key))}: keep this to yourself; `discreet lab ratings` needs it")


@app.command()
def ratings(
    key: Annotated[Path, typer.Argument(readable=False, help="The key.json of `discreet lab listen`.")],
    answers: Annotated[list[Path], typer.Argument(readable=False, help="Files that listeners saved.")],
    as_json: JsonFlag = False,
) -> None:
    """Show what listeners say of each converter, with 95 % intervals."""
    with ending(as_json):
        from dataclasses import asdict

        from discreet.lab import analyse

        found, left = analyse(key, answers)
        if as_json:
            print_json({"systems": {name: asdict(each) for name, each in found.items()}, "left_out": left})
            return
        for name, each in sorted(found.items(), key=lambda row: -row[1].mean.value):
            mean = each.mean
            out.print(f"{escape(name):<20} {mean.value:6.2f} [{mean.low:.2f}, {mean.high:.2f}]  {each.count} answers")
        for line in left:
            err.print(escape(line))
