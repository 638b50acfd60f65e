"""``discreet share``: what may leave."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from discreet.cli import share_documents, share_export, share_people, share_policy
from discreet.cli.console import ending, out, print_json
from discreet.cli.options import ConfigFile, DenyOption, JsonFlag, ListenOption, LookOption, RegisteredFolder, SetOption

app = typer.Typer(
    no_args_is_help=True, help="Define who may receive which data, and check results before you share them."
)
for commands in (share_policy, share_export, share_people, share_documents):
    app.add_typer(commands.app)


@app.callback()
def _group() -> None:
    """Define who may receive which data, and check results before you share them."""


@app.command()
def gate(
    folder: Annotated[Path, typer.Argument(readable=False, help="A results folder of `discreet process`.")],
    deny: DenyOption = None,
    listen: ListenOption = True,
    look: LookOption = True,
    config: ConfigFile = None,
    settings: SetOption = None,
    registered: RegisteredFolder = None,
    as_json: JsonFlag = False,
) -> None:
    """Check that a results folder holds nothing that must not be shared. Exit with 8 if it does.

    Files, media containers and texts may hold only what Discreet writes. Names of enrolled people who did not agree to
    be named, and the words of --deny, must be nowhere in the texts and the sound. The recording may show no face of
    somebody who did not agree to be seen, nor hold the own voice of an enrolled person who did not agree to be heard.
    """
    with ending(as_json):
        from discreet.config.settings import WordOptions, load
        from discreet.share.checks.results import gated
        from registered import Registry

        loaded = load(config, settings or [], words=WordOptions.read(None, deny, None))
        found, not_checked = gated(
            folder, Registry.open(registered, settings=loaded.registered), loaded, listen=listen, look=look
        )
        if as_json:
            print_json({"safe": not found, "findings": [f.model_dump() for f in found], "not_checked": not_checked})
        else:
            for finding in found:
                out.print(f"[red]{escape(str(finding))}[/]")
            out.print("unsafe: do not pass this folder on" if found else "nothing was found that must not leave")
            for one in not_checked:
                out.print(f"not checked: {escape(one)}")
    if found:
        from timeline import ExitCode

        raise typer.Exit(int(ExitCode.UNSAFE))
