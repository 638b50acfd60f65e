"""The options that several commands share, so that each says the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

JsonFlag = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")]
OverwriteFlag = Annotated[bool, typer.Option("--overwrite", help="Replace earlier results in the output folder.")]
QuietFlag = Annotated[bool, typer.Option("-q", "--quiet", help="Show no progress.")]
ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config",
        readable=False,
        help="Read settings from this TOML file; default: the one `discreet config show` names.",
    ),
]
ProfileOption = Annotated[
    str | None, typer.Option("--profile", help="Choose the models for each job: embedded (default) or reference.")
]
SetOption = Annotated[
    list[str] | None, typer.Option("--set", help="Change one setting, e.g. vision.mask.style=solid. Repeatable.")
]
RegisteredFolder = Annotated[
    Path | None,
    typer.Option(
        "--registered", readable=False, help="Use the enrolled people in this folder; default: the user's data folder."
    ),
]
PolicyOption = Annotated[
    str | None, typer.Option("--policy", help="Choose what is private: hipaa, gdpr, names, or a policy file (TOML).")
]
AsrOption = Annotated[
    str | None,
    typer.Option(
        "--asr",
        help="Choose the speech recogniser: whisper-base (default), vosk, whisperx, or the folder of a Whisper model.",
    ),
]
ListenOption = Annotated[
    bool, typer.Option("--listen/--no-listen", help="Check the sound for private words (default), or skip that.")
]
LookOption = Annotated[
    bool,
    typer.Option(
        "--look/--no-look",
        help="Check the recording for bare faces and original voices (default), or skip that.",
    ),
]
DenyOption = Annotated[
    list[str] | None,
    typer.Option(
        "--deny",
        help="Always redact this name or phrase. Repeatable. @FILE reads one per line, so that no other user of this "
        "computer can see them.",
    ),
]
AllowOption = Annotated[
    list[str] | None, typer.Option("--allow", help="Never redact this word. Repeatable. @FILE reads one per line.")
]
DecisionsOption = Annotated[
    Path | None,
    typer.Option(
        "--decisions",
        readable=False,
        help="Write results again with the decisions of a review (decisions.json).",
    ),
]
AcceptOption = Annotated[
    list[str] | None,
    typer.Option("--accept", help="Accept the terms of this non-commercial licence or model. Repeatable."),
]


def of_profile(profile: str | None) -> list[str]:
    """The option as a setting, below those of ``--set``."""
    return [f"profile={profile}"] if profile is not None else []
