"""``discreet people``: who agreed to what."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from discreet.cli.console import ending, out, print_json
from discreet.cli.options import JsonFlag, RegisteredFolder
from discreet.cli.registry import open_registry
from timeline import number_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from discreet.results.relabel import Relabelled
    from registered import Enrolled

app = typer.Typer(
    no_args_is_help=True, help="List, show, rename, merge and forget enrolled people, and record their consent."
)
ConsentText = Annotated[
    str | None,
    typer.Option(
        "--consent", help="Record what the person agrees to: any of seen,heard,quoted,named; or all; or none (default)."
    ),
]
Purpose = Annotated[str, typer.Option("--purpose", help="Record what the consent is for.")]
Expires = Annotated[
    str | None,
    typer.Option(
        "--expires", help="End the consent when this day begins, e.g. 2027-01-31; default: it does not expire."
    ),
]


def facts_of(person: Enrolled) -> dict[str, Any]:
    """What is known about somebody, for programs."""
    consent = person.consent
    today = consent.answers()
    return {
        "id": person.id,
        "name": person.name,
        "agreed": {q: getattr(today, q) for q in ("seen", "heard", "quoted", "named")},
        "state": consent.state(dt.date.today()),
        "date": consent.date.isoformat(),
        "purpose": consent.purpose,
        "expires": consent.expires.isoformat() if consent.expires else None,
        "faces": {model: len(rows) for model, rows in person.faces.items()},
        "voices": {model: len(rows) for model, rows in person.voices.items()},
        "kept": len(person.kept),
        "notes": list(person.notes),
    }


@app.command("list")
def list_people(folder: RegisteredFolder = None, as_json: JsonFlag = False) -> None:
    """List everybody who is enrolled, and what they agree to today."""
    with ending(as_json):
        registry = open_registry(folder)
        people = registry.people()
        if as_json:
            print_json([facts_of(person) for person in people])
            return
        if not people:
            if not registry.damaged():
                out.print("nobody is enrolled yet; see: discreet enroll --help")
            return
        table = Table("name", "agrees to", "state", "expires", "faces", "voices", box=None, pad_edge=False)
        for person in people:
            row = facts_of(person)
            table.add_row(
                escape(person.name),
                str(person.consent.answers()),
                row["state"],
                row["expires"] or "never",
                ", ".join(f"{model} {count}" for model, count in row["faces"].items()) or "0",
                str(sum(row["voices"].values())),
            )
        out.print(table)


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="Name or id.")],
    folder: RegisteredFolder = None,
    as_json: JsonFlag = False,
) -> None:
    """Show what a person agreed to and when, and what is stored about them."""
    with ending(as_json):
        person = open_registry(folder).get(name)
        facts = facts_of(person)
        history = [
            {"recorded": change.recorded.isoformat(), **change.consent.model_dump(mode="json")}
            for change in person.history
        ]
        if as_json:
            print_json({**facts, "history": history})
            return
        out.print(f"[bold]{escape(person.name)}[/] ({person.id})")
        out.print(f"  agrees to: {person.consent.answers()} ({facts['state']})")
        purpose = escape(facts["purpose"] or "-")
        out.print(f"  since {facts['date']}, until {facts['expires'] or 'withdrawn'}; purpose: {purpose}")
        out.print(
            f"  templates: faces {facts['faces'] or 'none'}, voices {facts['voices'] or 'none'}; "
            f"kept files: {facts['kept']}"
        )
        for note in person.notes:
            out.print(f"  note: {escape(note)}")
        for change in person.history:
            out.print(f"  {change.recorded:%Y-%m-%d %H:%M} UTC: {change.consent.at(change.consent.date)}")


@app.command()
def consent(
    name: Annotated[str, typer.Argument(help="Name or id.")],
    answers: Annotated[
        str | None, typer.Argument(help="The same as --consent: any of seen,heard,quoted,named; or all; or none.")
    ] = None,
    given: ConsentText = None,
    purpose: Purpose = "",
    expires: Expires = None,
    folder: RegisteredFolder = None,
) -> None:
    """Record what a person agrees to from today on. Earlier results do not change."""
    from registered import Consent, parse_answers, parse_day

    if (answers is None) == (given is None):
        raise typer.BadParameter("say once what the person agrees to: --consent seen,quoted", param_hint="--consent")
    with ending():
        granted = Consent.granting(
            parse_answers(answers or given or ""), purpose=purpose, expires=parse_day(expires) if expires else None
        )
        from discreet.share.withdrawal import change_consent

        person = change_consent(open_registry(folder), name, granted)
        out.print(f"{escape(person.name)} agrees to: {person.consent.answers()}")


@app.command()
def answer(
    name: Annotated[str, typer.Argument(help="Name or id.")],
    question: Annotated[str, typer.Argument(help="The answer to change: seen, heard, quoted or named.")],
    reply: Annotated[str, typer.Argument(metavar="[yes|no]", help="The new answer.")],
    folder: RegisteredFolder = None,
) -> None:
    """Change one answer of a person's consent; the other answers stay."""
    from timeline import PeopleError

    with ending():
        if reply not in ("yes", "no"):
            raise PeopleError(f"{reply!r} is not an answer", "say yes or no")
        from discreet.share.withdrawal import change_consent

        registry = open_registry(folder)
        person = change_consent(registry, name, registry.get(name).consent.answering(question, reply == "yes"))
        out.print(f"{escape(person.name)} agrees to: {person.consent.answers()}")


Past = Annotated[
    list[Path] | None,
    typer.Option(
        "--in", readable=False, help="Change this timeline.json of earlier results instead of the registry. Repeatable."
    ),
]


def _relabelled(paths: list[Path], change: Callable[[Path], Relabelled]) -> None:
    for path in paths:
        done = change(path)
        out.print(f"{escape(str(path))}: {number_of(len(done.files), 'file')} written anew")
        for note in done.notes:
            out.print(f"  {escape(note)}")


@app.command()
def rename(
    old: Annotated[str, typer.Argument(help="Name or id; with --in also a pseudonym, e.g. 'Speaker 2'.")],
    new: Annotated[str, typer.Argument(help="The new name; with --in, an enrolled person or the pseudonym.")],
    past: Past = None,
    folder: RegisteredFolder = None,
) -> None:
    """Rename a person; with --in, in earlier results. A name is written only if its owner agreed to be named."""
    with ending():
        registry = open_registry(folder)
        if past:
            from discreet.results.relabel import rename as relabel

            _relabelled(past, lambda path: relabel(path, old, new, registry))
            return
        person = registry.rename(old, new)
        out.print(f"{escape(old)} is now {escape(person.name)} ({person.id}); results made earlier: --in timeline.json")


@app.command()
def merge(
    kept: Annotated[str, typer.Argument(help="The person whose name and id stay.")],
    other: Annotated[str, typer.Argument(help="The record of the same person, which is then forgotten.")],
    answers: Annotated[
        str | None,
        typer.Option("--consent", help="Record what the person agrees to; default: only what both records agreed to."),
    ] = None,
    purpose: Purpose = "",
    expires: Expires = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")] = False,
    past: Past = None,
    folder: RegisteredFolder = None,
) -> None:
    """Merge two records of one person; only what both agreed to still holds. With --in, merge in earlier results."""
    from registered import Consent, parse_answers, parse_day

    with ending():
        registry = open_registry(folder)
        if past:
            from discreet.results.relabel import merge as relabel

            _relabelled(past, lambda path: relabel(path, kept, other, registry))
            return
        until = parse_day(expires) if expires else None
        granted = None
        if answers is not None:
            granted = Consent.granting(parse_answers(answers), purpose=purpose, expires=until)
        one, two = registry.get(kept), registry.get(other)
        if not yes and not typer.confirm(f"Make {two.name} part of {one.name}? This cannot be undone."):
            raise typer.Exit(0)
        from discreet.share.withdrawal import merge as join

        person = join(registry, one.id, two.id, granted)
        out.print(f"{escape(two.name)} is now part of {escape(person.name)}; agrees to: {person.consent.answers()}")
        if granted is None:
            out.print("Only what both records agreed to holds; `discreet people consent` records something else.")


@app.command()
def restore(
    past: Annotated[list[Path], typer.Argument(readable=False, help="The timeline.json files that were changed.")],
    folder: RegisteredFolder = None,
) -> None:
    """Undo the last `rename --in` or `merge --in`."""
    from discreet.results.relabel import restore as take_back

    with ending():
        registry = open_registry(folder)
        _relabelled(past, lambda path: take_back(path, registry))


@app.command("accept-backup")
def accept_backup(
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")] = False,
    folder: RegisteredFolder = None,
) -> None:
    """Show who is in the folder and what they agree to, and accept it: after you restored a backup or moved it.

    Consent that was withdrawn after the backup is not in it. Correct it with `discreet people consent`.
    """
    from registered import Registry

    with ending():
        registry = Registry.open(folder)
        for person in registry.backup():
            out.print(f"{escape(person.name)} agrees to: {person.consent.answers()}")
        lost = "Consents that were withdrawn and people who were enrolled after the backup are not in it."
        if not yes and not typer.confirm(f"{lost} Accept it?"):
            raise typer.Exit(0)
        registry.accept_backup()


@app.command()
def forget(
    name: Annotated[str, typer.Argument(help="Name or id.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")] = False,
    folder: RegisteredFolder = None,
) -> None:
    """Remove every trace of a person from the registry, recall exports with their data, and list what was done."""
    with ending():
        registry = open_registry(folder)
        if not yes and not typer.confirm(f"Remove every trace of {name} here, and recall exports with their data?"):
            raise typer.Exit(0)
        from discreet.cli.recalled import report_recalled
        from discreet.share.withdrawal import forget as remove

        removed, recalled = remove(registry, name)
        for line in removed.lines():
            out.print(escape(line))
        report_recalled(recalled)
