"""``discreet share export``, ``verify``, ``list`` and ``key``: what leaves, and what its recipient checks."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from discreet.cli.console import ending, err, out, print_json
from discreet.cli.options import ConfigFile, DenyOption, JsonFlag, ListenOption, LookOption, RegisteredFolder, SetOption
from discreet.cli.share_policy import Level, ProjectOption, Purpose, Recipient, Role, open_project
from timeline import number_of

if TYPE_CHECKING:
    from sharing.exports import Verified

app = typer.Typer()

Who = Annotated[
    list[str] | None,
    typer.Option("--who", help="Say who a person in the results is: p1=NAME. Repeatable."),
]


@app.command()
def export(
    folders: Annotated[list[Path], typer.Argument(readable=False, help="Folders of results of `discreet process`.")],
    project: ProjectOption,
    to: Recipient,
    purpose: Purpose,
    level: Level,
    target: Annotated[Path, typer.Option("--out", "-o", help="Write the export to this folder.")],
    role: Role = None,
    jitter: Annotated[
        float | None,
        typer.Option("--jitter", min=0.0, help="Keep real times, shifted at random by up to this many seconds."),
    ] = None,
    epsilon: Annotated[
        float | None,
        typer.Option("--epsilon", min=1e-6, help="Spend this much of the privacy budget; default: a tenth."),
    ] = None,
    who: Who = None,
    deny: DenyOption = None,
    listen: ListenOption = True,
    look: LookOption = True,
    config: ConfigFile = None,
    settings: SetOption = None,
    registered: RegisteredFolder = None,
    as_json: JsonFlag = False,
) -> None:
    """Export results for a recipient, as far as governance and consent allow: checked, signed and logged.

    Exit with 9 where it is not allowed, and with 8 where the gate finds something that must not leave.
    """
    with ending(as_json):
        from discreet.config.settings import WordOptions, load
        from discreet.share.exporting import export as make
        from discreet.share.inclusion import Asked
        from discreet.share.levels import LevelOptions
        from discreet.share.request import ExportRequest, UnsafeExportError

        loaded = load(config, settings or [], words=WordOptions.read(None, deny, None))
        opened = open_project(project, registered)
        request = ExportRequest(
            folders,
            Asked(to, role or opened.role_of(to), purpose),
            level,
            target,
            LevelOptions(jitter, epsilon),
            listen,
            look,
            dict(_pair(one) for one in who or []),
        )
        try:
            made = make(opened, request, loaded)
        except UnsafeExportError as error:
            if not as_json:
                for finding in error.findings:
                    err.print(f"[red]{escape(str(finding))}[/]")
            raise
        if as_json:
            print_json({"export": made.record.model_dump(mode="json"), "left_out": made.left_out, "notes": made.notes})
            return
        record = made.record
        out.print(f"{record.id}: {escape(str(target))}, {number_of(len(record.files), 'file')}, to {record.recipient}")
        people = number_of(len(record.people), "person", "people")
        out.print(f"in it: {people}; to be destroyed by {record.keep_until}")
        for session, reasons in made.left_out.items():
            for person, reason in reasons.items():
                out.print(f"left out of {session}: {person} ({escape(reason)})")
        for note in made.notes:
            out.print(escape(note))


def _pair(text: str) -> tuple[str, str]:
    from timeline import InputError

    id, sign, name = text.partition("=")
    if not (id and sign and name):
        raise InputError(f"--who {text!r} is not PERSON=NAME", "write it as p1=NAME")
    return id, name


@app.command()
def verify(
    folder: Annotated[Path, typer.Argument(readable=False, help="An export.")],
    key: Annotated[Path, typer.Option("--key", help="Read the sender's public key (PEM) from this file.")],
    recalls: Annotated[
        str | None,
        typer.Option("--recalls", help="Read the recalls from this file or https address; default: the export's."),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Check an export you received: signatures, files, retention period, recalls. Exit with 8 if it may not be used.

    Needs the folder and the sender's public key. The list of recalls is read from its address, which may be on the
    network.
    """
    from timeline import ExitCode

    with ending(as_json):
        checked = _verified(folder, key, recalls)
        facts = checked.facts
        if as_json:
            print_json(
                {
                    "valid": not checked.problems,
                    "problems": checked.problems,
                    "recalls_of": checked.recalls_of.isoformat() if checked.recalls_of is not None else None,
                    "facts": facts.model_dump(mode="json"),
                }
            )
        else:
            for problem in checked.problems:
                out.print(f"[red]{escape(problem)}[/]")
            out.print(
                f"{facts.id} of {escape(facts.project)}, for {facts.purpose}, to be kept until {facts.keep_until}"
            )
            out.print("it may NOT be used" if checked.problems else "in order: it may be used for that purpose")
            if checked.recalls_of is not None and not checked.problems:
                out.print(
                    f"not recalled as of {checked.recalls_of:%Y-%m-%d %H:%M} UTC; what was recalled later is not known:"
                    f" for a newer list, ask {escape(facts.contact)}"
                )
    if checked.problems:
        raise typer.Exit(int(ExitCode.UNSAFE))


def _verified(folder: Path, key: Path, source: str | None) -> Verified:
    from discreet.share.recall_source import read_list
    from sharing.exports import read_key, verify_export

    pem, now = read_key(key), dt.datetime.now(dt.UTC)
    first = verify_export(folder, pem, (), now)
    address = source if source is not None else first.facts.recalls
    text = read_list(address) if address else None
    return verify_export(folder, pem, (text,), now) if text is not None else first


@app.command("list")
def list_exports(project: ProjectOption, registered: RegisteredFolder = None, as_json: JsonFlag = False) -> None:
    """List all exports, their recipients, and whether they are still valid."""
    with ending(as_json):
        records = open_project(project, registered).ledger.all()
        if as_json:
            print_json([record.model_dump(mode="json") for record in records])
            return
        for record in records:
            state = "destroyed" if record.destroyed else "recalled" if record.recalled else f"until {record.keep_until}"
            out.print(
                f"{record.id}  {record.at:%Y-%m-%d}  {record.recipient}  {record.level}  {record.purpose}  {state}"
            )
        if not records:
            out.print("nothing was given to anybody yet")


@app.command()
def key(project: ProjectOption, registered: RegisteredFolder = None) -> None:
    """Print the project's public key, which recipients need to verify exports. Send it separately from the export."""
    with ending():
        from sharing.exports import Signer

        typer.echo(Signer(open_project(project, registered).signing_seed).public_key().decode(), nl=False)
