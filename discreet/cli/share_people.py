"""``discreet share reconsent``, ``revoke`` and ``recalls``: who agreed to a purpose, and who withdrew."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from discreet.cli.console import ending, out, print_json
from discreet.cli.options import JsonFlag, RegisteredFolder
from discreet.cli.recalled import report_recalled
from discreet.cli.share_policy import ProjectOption, open_project

app = typer.Typer()
IN_WORDS = {
    "given": "agreed",
    "other terms": "to be asked again, as the purpose or its recipients changed; left out until then",
    "other purpose": "has not agreed to this purpose; left out",
    "not yet": "agreed from a later day on; left out until then",
    "expired": "the consent has expired; left out",
    "opted out": "does not agree; left out",
}
"""States of a consent, for people."""


@app.command()
def reconsent(
    project: ProjectOption,
    name: Annotated[
        str | None, typer.Argument(help="Name or id of the person who was asked; without it, list whom to ask.")
    ] = None,
    purpose: Annotated[
        str | None, typer.Option("--purpose", help="Choose the purpose; default when listing: all.")
    ] = None,
    text: Annotated[str, typer.Option("--text", help="Name the version of the form that was signed.")] = "",
    signed: Annotated[
        Path | None, typer.Option("--signed", help="Record the hash of this signed form; the form itself is not kept.")
    ] = None,
    no: Annotated[
        bool, typer.Option("--no", help="Record that the person does not agree, or no longer agrees.")
    ] = False,
    registered: RegisteredFolder = None,
    as_json: JsonFlag = False,
) -> None:
    """List who has to be asked about a purpose, or record a person's answer.

    After a purpose or its recipients changed, everybody has to be asked again; until then they are left out of
    exports. Exit with 9 while somebody has to be asked again.
    """
    from timeline import ExitCode

    with ending(as_json):
        from discreet.share.consents import AGAIN, agree, disagree, states
        from timeline import InputError

        opened = open_project(project, registered)
        if name is not None:
            if purpose is None:
                raise InputError("no purpose was given", "give --purpose")
            person = disagree(opened, name, purpose) if no else agree(opened, name, purpose, text, signed)
            out.print(f"{escape(person.name)} {'does not agree' if no else 'agrees'} to {purpose}")
            return
        found = states(opened, purpose)
        if as_json:
            print_json([{"id": one.person.id, "purpose": one.purpose, "state": one.state} for one in found])
        else:
            for one in found:
                out.print(f"{one.purpose}: {escape(one.person.name)}: {IN_WORDS.get(one.state, one.state)}")
            if not found:
                out.print("nobody is enrolled")
        again = any(one.state == AGAIN for one in found)
    if again:
        raise typer.Exit(int(ExitCode.REFUSED))


@app.command()
def revoke(
    name: Annotated[str, typer.Argument(help="Name or id of the person who withdraws.")],
    export: Annotated[str | None, typer.Option("--export", help="Recall only this export; default: all.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    registered: RegisteredFolder = None,
    as_json: JsonFlag = False,
) -> None:
    """Recall every export with data of a person who withdraws, and destroy their templates.

    Exit with 5 if a recall could not be recorded or published everywhere. Consent and the templates are gone.
    """
    from timeline import ExitCode

    with ending(as_json):
        from discreet.cli.registry import open_registry
        from discreet.share.withdrawal import revoke as recall

        registry = open_registry(registered)
        what = f"recall {export}" if export else f"recall every export with data of {name} and destroy their templates"
        if not yes and not typer.confirm(f"Really {what}?"):
            raise typer.Exit(0)
        person = registry.get(name)
        done = recall(registry, name, export)
        if as_json:
            print_json(
                {
                    "recalled": [
                        {"project": project, **record.model_dump(mode="json")} for project, record in done.recalled
                    ],
                    "lists": done.lists,
                    "problems": done.problems,
                }
            )
        elif export is None:
            out.print(f"{escape(person.name)} agrees to nothing any more, and has no templates.")
        if not as_json:
            report_recalled(done)
    if done.problems:
        raise typer.Exit(int(ExitCode.OUTPUT))


@app.command()
def recalls(project: ProjectOption, registered: RegisteredFolder = None) -> None:
    """Renew the signed list of recalls. Run this before the current list expires (recalls.fresh_days)."""
    with ending():
        from discreet.share.withdrawal import publish_recalls

        for path in publish_recalls(open_project(project, registered)):
            out.print(f"written: {escape(str(path))}")
