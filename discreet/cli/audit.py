"""``discreet audit``: what was shared, whether the log is whole, and what is unusual in it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from discreet.cli.console import ending, out, print_json
from discreet.cli.options import JsonFlag, RegisteredFolder
from discreet.cli.share_policy import ProjectOption, open_project
from timeline import number_of

app = typer.Typer(no_args_is_help=True, help="Check the audit log, list it, and bundle it for an auditor.")
Exports = Annotated[
    list[Path] | None,
    typer.Option("--export", readable=False, help="Also check against the head in this export. Repeatable."),
]
AnyProject = Annotated[str | None, typer.Option("--project", "-p", help="Choose one project; default: all.")]


@app.command()
def verify(exports: Exports = None, registered: RegisteredFolder = None, as_json: JsonFlag = False) -> None:
    """Check that no line of the audit log was changed, removed or cut off. Exit with 8 if one was."""
    from timeline import ExitCode

    with ending(as_json):
        from discreet.cli.registry import open_registry
        from discreet.share.auditing import audited

        found = audited(open_registry(registered), exports or [])
        if as_json:
            print_json({"lines": found.lines, "damage": [str(one) for one in found.damage]})
        else:
            for damage in found.damage:
                out.print(f"[red]{damage}[/]")
            out.print(f"{found.lines} lines, {'NOT in order' if found.damage else 'in order'}")
    if found.damage:
        raise typer.Exit(int(ExitCode.UNSAFE))


@app.command("list")
def list_lines(project: AnyProject = None, registered: RegisteredFolder = None, as_json: JsonFlag = False) -> None:
    """List what was read, exported, refused and changed, oldest first. People and accounts are pseudonyms."""
    with ending(as_json):
        from discreet.cli.registry import open_registry
        from discreet.share.auditing import entries

        lines = entries(open_registry(registered), project)
        if as_json:
            print_json([entry.model_dump(mode="json") for entry in lines])
            return
        for entry in lines:
            about = " ".join(filter(None, (entry.subject, entry.role, entry.purpose)))
            out.print(
                f"{entry.number}  {entry.at:%Y-%m-%d %H:%M}  {entry.actor}  {entry.action}  {entry.outcome}  {about}"
            )


@app.command()
def anomalies(registered: RegisteredFolder = None, as_json: JsonFlag = False) -> None:
    """List days with unusual access: bursts, slow drips, odd hours, refused requests."""
    with ending(as_json):
        from discreet.cli.registry import open_registry
        from discreet.share.auditing import audited

        found = audited(open_registry(registered)).unusual
        if as_json:
            print_json(
                [{"actor": a.actor, "day": a.day, "kind": a.kind, "count": a.count, "usual": a.usual} for a in found]
            )
            return
        for one in found:
            out.print(str(one))
        if not found:
            out.print("nothing unusual")


@app.command()
def bundle(
    target: Annotated[Path, typer.Option("--out", "-o", help="Write the bundle to this folder.")],
    registered: RegisteredFolder = None,
) -> None:
    """Write the log, the governance, the ledger, signed statements and open findings into a folder for an auditor."""
    with ending():
        from discreet.cli.registry import open_registry
        from discreet.share.auditing import bundle as write

        names = write(open_registry(registered), target, dt.date.today().isoformat())
        out.print(f"{escape(str(target))}: {number_of(len(names), 'file')}; no participant is named in them")


@app.command()
def dpia(
    project: ProjectOption,
    target: Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file; default: print.")] = None,
    registered: RegisteredFolder = None,
) -> None:
    """Write a data protection impact assessment with the facts filled in: data, purposes, risks, open points."""
    with ending():
        from discreet.share.documents import facts_of
        from sharing.documents import impact_assessment

        write_or_print(impact_assessment(facts_of(open_project(project, registered))), target)


def write_or_print(text: str, target: Path | None) -> None:
    """Write a document to a file that is not there yet, or print it."""
    from timeline import OutputError, write_file

    if target is None:
        typer.echo(text, nl=False)
        return
    if target.exists():
        raise OutputError(f"{target} already exists", "choose another file with --out")
    write_file(target, text)
    out.print(f"written: {escape(str(target))}")
