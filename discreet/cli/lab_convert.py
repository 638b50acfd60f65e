"""``discreet lab convert``: say a recording in another voice with an exported model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from discreet.cli.console import ending, out, print_json
from discreet.cli.options import JsonFlag, OverwriteFlag, RegisteredFolder

app = typer.Typer()


@app.command()
def convert(
    model: Annotated[Path, typer.Argument(readable=False, help="The exported model of `discreet lab compress`.")],
    recording: Annotated[Path, typer.Argument(readable=False, help="Speech of one person; it is never changed.")],
    output: Annotated[Path, typer.Option("-o", "--output", readable=False, help="Write the sound to this WAV file.")],
    speaker: Annotated[
        str, typer.Option("--speaker", help="Use the voice for this id; the same id always gets the same voice.")
    ] = "",
    rate: Annotated[
        float, typer.Option("--rate", min=0.5, max=2.0, help="Speak faster (above 1) or slower; default: 1.")
    ] = 1.0,
    expression: Annotated[
        float,
        typer.Option("--expression", min=0.0, max=2.0, help="Let pitch and loudness move more (above 1) or less."),
    ] = 1.0,
    whisper: Annotated[
        float,
        typer.Option(
            "--whisper", min=0.0, max=1.0, help="Set how much is whispered, from 0 (nothing) to 1 (everything)."
        ),
    ] = 0.0,
    registered: RegisteredFolder = None,
    overwrite: OverwriteFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Convert a recording to another voice. How well it hides the speaker depends on the model: compare first."""
    with ending(as_json):
        import numpy as np

        from capture import AudioFile
        from discreet.lab import write_take
        from registered import Registry
        from timeline import OutputError
        from voice.neural import LabConverter
        from voice.neural.features import Controls
        from weights import Store

        if output.exists() and not overwrite:
            raise OutputError(f"{output} is there already", "give another name, or --overwrite")
        change = LabConverter.open(model, Store())
        sound = np.concatenate([np.zeros(0, np.float32), *AudioFile(recording, 16000).blocks()])
        secret = Registry.open(registered).secret("voice")
        made = change(sound, secret, speaker, Controls(rate, expression, whisper))
        write_take(output, made)
        if as_json:
            print_json({"file": output, "seconds": round(len(made) / 16000, 2)})
        else:
            out.print(f"[bold]{escape(str(output))}[/]")
