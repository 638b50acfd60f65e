"""``discreet people newvoice``: another changed voice for somebody."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from discreet.cli.console import ending, out
from discreet.cli.options import RegisteredFolder
from discreet.cli.people import app as app
from discreet.cli.registry import open_registry


@app.command("newvoice")
def new_voice(
    who: Annotated[str, typer.Argument(metavar="NAME", help="The person's name or id.")],
    folder: RegisteredFolder = None,
) -> None:
    """Give a person another changed voice from now on; earlier results keep the old one."""
    with ending():
        person = open_registry(folder).new_voice(who)
        out.print(f"{escape(person.name)} ({person.id}) has another changed voice in every recording made from now on.")
