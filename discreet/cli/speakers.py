"""The options about how many people speak."""

from __future__ import annotations

from typing import Annotated

import typer

Speakers = Annotated[
    int | None, typer.Option("--speakers", min=1, help="Set the number of people who speak, if you know it.")
]
MinSpeakers = Annotated[
    int | None, typer.Option("--min-speakers", min=1, help="Set the smallest number of people who speak.")
]
MaxSpeakers = Annotated[
    int | None, typer.Option("--max-speakers", min=1, help="Set the largest number of people who speak.")
]


def speaker_options(exactly: int | None, least: int | None, most: int | None) -> list[str]:
    """The options about the number of speakers as settings. Raises SettingsError if they cannot hold together."""
    from discreet.config.settings import SettingsError

    if exactly is not None and (least is not None or most is not None):
        raise SettingsError(
            "--speakers says how many there are, so it cannot be combined with --min-speakers or --max-speakers",
            "give the number or the bounds",
        )
    if least is not None and most is not None and most < least:
        raise SettingsError(
            f"--max-speakers {most} is less than --min-speakers {least}", "give the smaller number as --min-speakers"
        )
    given = {"num_speakers": exactly, "min_speakers": least, "max_speakers": most}
    return [f"diarization.{name}={value}" for name, value in given.items() if value is not None]
