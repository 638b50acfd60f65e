"""``discreet share procedures``, ``participants`` and ``destroy``: documents of a project, and the end of an export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from discreet.cli.audit import write_or_print
from discreet.cli.console import ending, out
from discreet.cli.options import RegisteredFolder
from discreet.cli.share_policy import ProjectOption, open_project
from timeline import number_of

app = typer.Typer()
Target = Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file; default: print.")]


@app.command()
def procedures(project: ProjectOption, target: Target = None, registered: RegisteredFolder = None) -> None:
    """Write the anonymisation procedures as carried out: steps, models, settings, measured limits, safeguards."""
    with ending():
        from discreet.share.documents import facts_of
        from sharing.documents import procedures as document

        write_or_print(document(facts_of(open_project(project, registered))), target)


@app.command()
def participants(project: ProjectOption, target: Target = None, registered: RegisteredFolder = None) -> None:
    """Write a page for participants: what is shared with whom, what protects them, how to withdraw."""
    with ending():
        from discreet.share.documents import facts_of
        from sharing.documents import participants_page

        write_or_print(participants_page(facts_of(open_project(project, registered))), target)


@app.command()
def destroy(
    project: ProjectOption,
    folder: Annotated[
        Path | None,
        typer.Argument(
            readable=False, help="An export or results; without it, list exports whose retention period has ended."
        ),
    ] = None,
    search: Annotated[
        list[Path] | None,
        typer.Option("--search", help="Look for copies in this folder afterwards; default: the one around it."),
    ] = None,
    certificate: Annotated[
        Path, typer.Option("--certificate", help="Write the certificate into this folder.")
    ] = Path(),
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    registered: RegisteredFolder = None,
) -> None:
    """Destroy an export or results on this computer, search for copies, and sign a certificate.

    For results, this includes what the registry keeps of them. Exit with 8 if a copy was found.
    """
    with ending():
        from discreet.results import TIMELINE
        from discreet.share.destruction import destroy_export, destroy_result, expired

        opened = open_project(project, registered)
        if folder is None:
            for record in expired(opened):
                why = "recalled" if record.recalled else f"kept until {record.keep_until}"
                out.print(f"{record.id}  {record.recipient}  {why}  {escape(record.place)}")
            return
        if not yes and not typer.confirm(f"Destroy {folder} and everything in it?"):
            raise typer.Exit(0)
        destroys = destroy_result if (folder / TIMELINE).is_file() else destroy_export
        done = destroys(opened, folder, search or [], certificate)
        how = "overwritten and removed" if done.certificate.overwritten else "removed (not all could be overwritten)"
        out.print(
            f"{number_of(len(done.certificate.files), 'file')} {how};"
            f" {number_of(done.certificate.markers, 'marker')} searched for, none found"
        )
        out.print(f"signed certificate: {escape(str(done.file))}")
