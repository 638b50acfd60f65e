"""``discreet verify``: which part of a recording a machine said."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from discreet.cli.console import ending, out, print_json
from discreet.cli.options import JsonFlag


def verify(
    recording: Annotated[Path, typer.Argument(readable=False, help="A sound file or a video; it is never changed.")],
    as_json: JsonFlag = False,
) -> None:
    """Find speech that Discreet synthesised, by the quiet watermark it carries.

    Speech without the watermark need not be genuine: other programs do not set it, and it can be removed.
    """
    with ending(as_json):
        from capture import AudioFile
        from timeline import InputError, stamp, total
        from voice.watermark import CHECKED, FALSE_ALARMS, MARK, RATE, marked_parts

        sound = AudioFile(recording, RATE)
        if not sound.has_sound:
            raise InputError(f"{recording} has no sound", "give a recording of people talking")
        parts = marked_parts(sound.blocks())
        rate = f"{FALSE_ALARMS} of {CHECKED} two-second stretches of natural speech were taken for made"
        if as_json:
            print_json(
                {
                    "file": recording,
                    "mark": MARK,
                    "made": [{"start": round(p.start, 1), "end": round(p.end, 1)} for p in parts],
                    "seconds": round(total(parts), 1),
                    "false_alarms": {"found": FALSE_ALARMS, "of": CHECKED, "window_seconds": 2.0},
                }
            )
            return
        for part in parts:
            out.print(f"{stamp(part.start)} to {stamp(part.end)}  made by Discreet ({escape(MARK)})")
        if not parts:
            out.print("No made speech was found. That does not prove that the speech is genuine.")
        out.print(f"Times are exact to about a second. False alarms when measured: {rate}.")
