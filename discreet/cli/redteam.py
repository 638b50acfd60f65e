"""``discreet redteam``: mock attacks on what is passed on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from discreet.cli.console import ending, out
from discreet.cli.options import ConfigFile, JsonFlag, SetOption


def redteam(
    folders: Annotated[list[Path], typer.Argument(readable=False, help="Folders of results, or exports.")],
    known: Annotated[
        Path | None,
        typer.Option("--known", help="Read what an attacker knows: a folder of photos and sound for each person."),
    ] = None,
    original: Annotated[
        list[Path] | None,
        typer.Option("--original", help="Give the original recording of each folder, in the same order."),
    ] = None,
    word: Annotated[
        list[str] | None, typer.Option("--word", help="Look for this name or word in all files. Repeatable.")
    ] = None,
    target: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write redteam.json and redteam.html into this folder.")
    ] = None,
    config: ConfigFile = None,
    settings: SetOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Attack results and exports as an outsider would, and report a traffic light and a figure for each attack.

    Attacks faces, voices, words, times, features, links between folders, and metadata. Needs no registry. Exit with 8
    if an attack succeeded.
    """
    from timeline import ExitCode

    with ending(as_json):
        from discreet.config.settings import load
        from discreet.redteam import Known, attack_all, redteam_json, redteam_page, redteam_text, targets_in
        from timeline import make_folder, write_file
        from weights import Store

        targets = targets_in(folders)
        loaded = load(config, settings or [])
        attacks = attack_all(targets, Known.of(known, word or ()), original or (), Store(), loaded)
        names = [target.folder.name for target in targets]
        if target is not None:
            make_folder(target)
            write_file(target / "redteam.json", redteam_json(attacks, names))
            write_file(target / "redteam.html", redteam_page(attacks, names))
        if as_json:
            typer.echo(redteam_json(attacks, names), nl=False)
        else:
            out.print(escape(redteam_text(attacks)), end="", soft_wrap=True)
    if any(one.light == "red" for one in attacks):
        raise typer.Exit(int(ExitCode.UNSAFE))
