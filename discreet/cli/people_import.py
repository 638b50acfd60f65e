"""``discreet people import``: folders of photos and voice clips, such as AAVID's, become enrolled people."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from discreet.cli.console import ending, out, print_json
from discreet.cli.galleries import asker, print_imported
from discreet.cli.options import ConfigFile, JsonFlag, ProfileOption, RegisteredFolder, SetOption, of_profile
from discreet.cli.people import ConsentText, Expires, Purpose
from discreet.cli.people_voice import app as app
from discreet.cli.registry import open_registry


@app.command("import")
def import_folders(
    faces: Annotated[
        Path | None,
        typer.Option("--faces", readable=False, help="Read photos from this folder: NAME/*.jpg."),
    ] = None,
    voices: Annotated[
        Path | None,
        typer.Option("--voices", readable=False, help="Read voice clips from this folder: NAME.wav."),
    ] = None,
    consent: ConsentText = None,
    purpose: Purpose = "",
    expires: Expires = None,
    config: ConfigFile = None,
    profile: ProfileOption = None,
    settings: SetOption = None,
    folder: RegisteredFolder = None,
    as_json: JsonFlag = False,
) -> None:
    """Enrol everybody in folders of photos and voice clips. Without --consent, ask what each person agrees to.

    Consent of people who are enrolled already does not change; they get photos and clips only where they have none.
    """
    from discreet.aavid import import_people, members, missing
    from discreet.config import load
    from discreet.pipeline import RunContext
    from registered import parse_day
    from timeline import ExitCode, InputError, PeopleError
    from weights import Store

    with ending(as_json):
        if faces is None and voices is None:
            raise InputError("neither --faces nor --voices is given", "discreet people import --faces registeredFaces")
        gallery = members(faces, voices)
        context = RunContext.of(load(config, [*of_profile(profile), *(settings or [])]), Store(), open_registry(folder))
        ask = asker(consent, purpose, parse_day(expires) if expires else None)
        new = missing(context.people, gallery)
        if new and ask is None:
            what = f"nobody said what {len(new)} of {len(gallery)} people agree to"
            raise PeopleError(what, "give --consent, or run it in a terminal")
        done = import_people(context, gallery, ask or (lambda name: None))
        if as_json:
            print_json([{"name": d.name, "faces": d.faces, "voices": d.voices, "not_used": d.notes} for d in done])
        else:
            print_imported(done)
            used = sum(not one.failed for one in done)
            out.print(f"{used} of {len(gallery)} people in the folders were enrolled or added to")
        if any(one.failed for one in done):
            raise typer.Exit(int(ExitCode.PEOPLE))
