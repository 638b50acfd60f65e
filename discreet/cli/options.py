"""The options that several commands share, so that each says the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from discreet.cli.console import start_logging

JsonFlag = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
OverwriteFlag = Annotated[bool, typer.Option("--overwrite", help="Replace earlier results in that folder.")]
QuietFlag = Annotated[bool, typer.Option("-q", "--quiet", help="No progress.")]
VerboseFlag = Annotated[
    bool,
    typer.Option(
        "-v",
        "--verbose",
        callback=start_logging,
        is_eager=True,
        help="Log each step and each error that was handled to standard error, without private data.",
    ),
]

ConfigFile = Annotated[Path | None, typer.Option("--config", readable=False, help="A settings file (TOML).")]
ProfileOption = Annotated[
    str | None, typer.Option("--profile", help="Which models do each job: embedded (default), or reference.")
]
SetOption = Annotated[
    list[str] | None, typer.Option("--set", help="One setting, e.g. vision.mask.style=solid. May be repeated.")
]
RegisteredFolder = Annotated[
    Path | None, typer.Option("--registered", readable=False, help="Folder of the enrolled people.")
]
PolicyOption = Annotated[
    str | None, typer.Option("--policy", help="What is private: hipaa, gdpr, names, or a policy file (TOML).")
]
AsrOption = Annotated[
    str | None,
    typer.Option("--asr", help="Speech recogniser: whisper-base, vosk, whisperx, or the folder of a Whisper model."),
]
DenyOption = Annotated[
    list[str] | None,
    typer.Option(
        "--deny",
        help="A name or phrase that is always private. May be repeated; @FILE: one a line (others on this "
        "computer can see what stands on a command line).",
    ),
]
AllowOption = Annotated[
    list[str] | None, typer.Option("--allow", help="A word that is never private. May be repeated; @FILE: one a line.")
]
AcceptOption = Annotated[
    list[str] | None, typer.Option("--accept", help="A non-commercial licence, or model, whose terms you accept.")
]


def of_profile(profile: str | None) -> list[str]:
    """The option as a setting, below those of ``--set``."""
    return [f"profile={profile}"] if profile is not None else []
