"""``discreet enroll``: somebody's faces and voice, and what they agree to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from discreet.cli.console import ending, err, out, print_json
from discreet.cli.options import (
    ConfigFile,
    JsonFlag,
    ProfileOption,
    RegisteredFolder,
    SetOption,
    of_profile,
)
from discreet.cli.people import ConsentText, Expires, Purpose, facts_of
from discreet.cli.registry import open_registry


def enroll(
    name: Annotated[str, typer.Argument(help="The person's name.")],
    face: Annotated[
        list[Path] | None,
        typer.Option("--face", readable=False, help="Add a photo or video that shows only this person. Repeatable."),
    ] = None,
    voice: Annotated[
        list[Path] | None,
        typer.Option("--voice", readable=False, help="Add a clip in which only this person speaks. Repeatable."),
    ] = None,
    more: Annotated[
        list[Path] | None, typer.Argument(readable=False, help="More files of the kind given last.", hidden=True)
    ] = None,
    consent: ConsentText = None,
    purpose: Purpose = "",
    expires: Expires = None,
    add: Annotated[bool, typer.Option("--add", help="Add to a person who is already enrolled.")] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the photos and clips as well, encrypted; default: keep only templates.")
    ] = False,
    force: Annotated[
        str, typer.Option("--force", help="Enrol a person who resembles another enrolled person; give the reason.")
    ] = "",
    config: ConfigFile = None,
    profile: ProfileOption = None,
    settings: SetOption = None,
    folder: RegisteredFolder = None,
    as_json: JsonFlag = False,
) -> None:
    """Enrol a person from photos, videos and voice clips. Only encrypted templates are kept.

    Without --consent, the person has opted out of everything.
    """
    from discreet.config.settings import load
    from discreet.pipeline.enrolment import PHOTOS, EnrolmentFiles
    from discreet.pipeline.enrolment import enroll as enroll_files
    from registered import Consent, EnrolmentError, EnrolmentOptions, parse_answers, parse_day
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
                open_registry(folder),
                Store(),
                load(config, [*of_profile(profile), *(settings or [])]),
                name,
                EnrolmentFiles(faces, voices, EnrolmentOptions(add, keep, force)),
                given,
            )
        except EnrolmentError as error:
            if not as_json:
                for problem in error.problems:
                    err.print(f"  {escape(str(problem))}")
            raise
        if as_json:
            print_json(
                {
                    **facts_of(done.person),
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
