"""``discreet enroll`` and ``discreet people``: who agreed to what."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from discreet.console import ProfileOption, ending, err, of_profile, out, print_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from discreet.relabel import Relabelled
    from registered import Enrolled, Registry

app = typer.Typer(no_args_is_help=True, help="Enrolled people: list, show, consent, rename, merge, forget.")

JsonFlag = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
Folder = Annotated[Path | None, typer.Option("--registered", readable=False, help="Folder of the enrolled people.")]
ConsentText = Annotated[
    str | None,
    typer.Option("--consent", help="What the person agrees to: any of seen,heard,quoted,named; or all; or none."),
]
Purpose = Annotated[str, typer.Option("--purpose", help="What the consent is for.")]
Expires = Annotated[str | None, typer.Option("--expires", help="Last day is the one before, e.g. 2027-01-31.")]


def _registry(folder: Path | None) -> Registry:
    from registered import Registry

    registry = Registry.open(folder)
    for broken in registry.damaged():
        err.print(
            f"[yellow]the record {broken.id} cannot be read ({escape(broken.reason)})[/]; it may be of somebody who"
        )
        err.print(f"  opted out. When you know who it was, enrol them again and: discreet people forget {broken.id}")
    return registry


def enroll(
    name: Annotated[str, typer.Argument(help="The person's name; any letters.")],
    face: Annotated[
        list[Path] | None,
        typer.Option("--face", readable=False, help="A photo or a video of this person alone. May be repeated."),
    ] = None,
    voice: Annotated[
        list[Path] | None,
        typer.Option("--voice", readable=False, help="A clip in which only this person speaks. May be repeated."),
    ] = None,
    more: Annotated[
        list[Path] | None, typer.Argument(readable=False, help="More files of the kind given last.", hidden=True)
    ] = None,
    consent: ConsentText = None,
    purpose: Purpose = "",
    expires: Expires = None,
    add: Annotated[bool, typer.Option("--add", help="Add to somebody who is enrolled.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the photos and clips, too, encrypted.")] = False,
    force: Annotated[
        str, typer.Option("--force", help="Why somebody who is like another enrolled person is enrolled all the same.")
    ] = "",
    config: Annotated[Path | None, typer.Option("--config", readable=False, help="A settings file.")] = None,
    profile: ProfileOption = None,
    settings: Annotated[list[str] | None, typer.Option("--set", help="One setting. May be repeated.")] = None,
    folder: Folder = None,
    as_json: JsonFlag = False,
) -> None:
    """Enrol somebody. Without --consent the person has opted out of everything. Only templates are kept, encrypted."""
    from discreet.enrolling import PHOTOS
    from discreet.enrolling import enroll as enroll_files
    from discreet.settings import load
    from registered import Consent, EnrolmentError, parse_answers, parse_day
    from weights import Store

    with ending(as_json):
        # `--face a.jpg b.jpg` reads naturally, so files that follow an option without one belong to it by their kind.
        faces, voices = list(face or []), list(voice or [])
        for path in more or []:
            (faces if path.suffix.lower() in PHOTOS or not voices else voices).append(path)
        given = None
        if consent is not None or not add:
            given = Consent.granting(
                parse_answers(consent or "none"), purpose=purpose, expires=parse_day(expires) if expires else None
            )
        try:
            done = enroll_files(
                _registry(folder),
                Store(),
                load(config, [*of_profile(profile), *(settings or [])]),
                name,
                faces,
                voices,
                given,
                add=add,
                keep=keep,
                force=force,
            )
        except EnrolmentError as error:
            if not as_json:
                for problem in error.problems:
                    err.print(f"  {escape(str(problem))}")
            raise
        if as_json:
            print_json(
                {
                    **_facts(done.person),
                    "added": {"faces": done.faces, "voices": done.voices},
                    "not_used": [{"source": p.source, "code": p.code, "message": p.message} for p in done.problems],
                }
            )
            return
        for problem in done.problems:
            err.print(f"[yellow]not used:[/] {escape(str(problem))}")
        out.print(
            f"{escape(done.person.name)} is enrolled: {done.faces} face and {done.voices} voice templates; "
            f"agreed to: {done.person.consent.answers()}"
        )
        if len(done.person.faces) > 1:
            out.print(f"  recognised by face with any of: {', '.join(sorted(done.person.faces))}")


def _facts(person: Enrolled) -> dict[str, Any]:
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
def list_people(folder: Folder = None, as_json: JsonFlag = False) -> None:
    """Everybody who is enrolled, and what they agree to today."""
    with ending(as_json):
        people = _registry(folder).people()
        if as_json:
            print_json([_facts(person) for person in people])
            return
        if not people:
            out.print("nobody is enrolled yet; see: discreet enroll --help")
            return
        table = Table("name", "agrees to", "state", "expires", "faces", "voices", box=None, pad_edge=False)
        for person in people:
            row = _facts(person)
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
    name: Annotated[str, typer.Argument(help="Name or id.")], folder: Folder = None, as_json: JsonFlag = False
) -> None:
    """One person: consent with its history, and what is kept."""
    with ending(as_json):
        person = _registry(folder).get(name)
        facts = _facts(person)
        history = [
            {"recorded": change.recorded.isoformat(), **change.consent.model_dump(mode="json")}
            for change in person.history
        ]
        if as_json:
            print_json({**facts, "history": history})
            return
        out.print(f"[bold]{escape(person.name)}[/] ({person.id})")
        out.print(f"  agrees to: {person.consent.answers()} ({facts['state']})")
        out.print(
            f"  since {facts['date']}, until {facts['expires'] or 'withdrawn'}; "
            f"purpose: {escape(facts['purpose'] or '-')}"
        )
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
    answers: Annotated[str, typer.Argument(help="Any of seen,heard,quoted,named; or all; or none.")],
    purpose: Purpose = "",
    expires: Expires = None,
    folder: Folder = None,
) -> None:
    """Record what somebody agrees to from today on. Recordings made safe before are not changed by it."""
    from registered import Consent, parse_answers, parse_day

    with ending():
        granted = Consent.granting(
            parse_answers(answers), purpose=purpose, expires=parse_day(expires) if expires else None
        )
        person = _registry(folder).set_consent(name, granted)
        out.print(f"{escape(person.name)} agrees to: {person.consent.answers()}")


Past = Annotated[
    list[Path] | None,
    typer.Option("--in", readable=False, help="A timeline.json made earlier, instead of the registry. Repeatable."),
]


def _relabelled(paths: list[Path], change: Callable[[Path], Relabelled]) -> None:
    for path in paths:
        done = change(path)
        out.print(f"{escape(str(path))}: {len(done.files)} files written anew")
        for note in done.notes:
            out.print(f"  {escape(note)}")


@app.command()
def rename(
    old: Annotated[str, typer.Argument(help="Name or id; with --in also a pseudonym, e.g. 'Speaker 2'.")],
    new: Annotated[str, typer.Argument(help="The new name; with --in that of somebody enrolled, or the pseudonym.")],
    past: Past = None,
    folder: Folder = None,
) -> None:
    """Give somebody another name; with --in, in results made earlier. A name stands only where its owner agreed."""
    with ending():
        registry = _registry(folder)
        if past:
            from discreet.relabel import rename as relabel

            _relabelled(past, lambda path: relabel(path, old, new, registry))
            return
        person = registry.rename(old, new)
        out.print(f"{escape(old)} is now {escape(person.name)} ({person.id}); results made earlier: --in timeline.json")


@app.command()
def merge(
    kept: Annotated[str, typer.Argument(help="Who keeps name and id.")],
    other: Annotated[str, typer.Argument(help="Who is the same person, and is then forgotten.")],
    answers: Annotated[
        str | None,
        typer.Option("--consent", help="What the person agrees to; without it, what both records agreed to."),
    ] = None,
    purpose: Purpose = "",
    expires: Expires = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    past: Past = None,
    folder: Folder = None,
) -> None:
    """Two records are one person: their templates together, the stricter answers. With --in, in earlier results."""
    from registered import Consent, parse_answers, parse_day

    with ending():
        registry = _registry(folder)
        if past:
            from discreet.relabel import merge as relabel

            _relabelled(past, lambda path: relabel(path, kept, other, registry))
            return
        granted = None
        if answers is not None:
            granted = Consent.granting(
                parse_answers(answers), purpose=purpose, expires=parse_day(expires) if expires else None
            )
        one, two = registry.get(kept), registry.get(other)
        if not yes and not typer.confirm(f"Make {two.name} part of {one.name}? This cannot be undone."):
            raise typer.Exit(0)
        person = registry.merge(one.id, two.id, granted)
        out.print(f"{escape(two.name)} is now part of {escape(person.name)}; agrees to: {person.consent.answers()}")
        if granted is None:
            out.print("Only what both records agreed to holds; `discreet people consent` records something else.")


@app.command()
def restore(
    past: Annotated[list[Path], typer.Argument(readable=False, help="A timeline.json that was relabelled.")],
    folder: Folder = None,
) -> None:
    """Take the last `rename --in` or `merge --in` back."""
    from discreet.relabel import restore as take_back

    with ending():
        registry = _registry(folder)
        _relabelled(past, lambda path: take_back(path, registry))


@app.command()
def forget(
    name: Annotated[str, typer.Argument(help="Name or id.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    folder: Folder = None,
) -> None:
    """Remove every trace of somebody from the registry, and say what was removed."""
    with ending():
        registry = _registry(folder)
        if not yes and not typer.confirm(f"Remove every trace of {name} from {registry.folder}?"):
            raise typer.Exit(0)
        for line in registry.forget(name).lines():
            out.print(escape(line))
