"""``discreet live``: speak in another voice, for calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from discreet.cli.console import ending, err, out, print_json
from discreet.cli.options import ConfigFile, JsonFlag, QuietFlag, RegisteredFolder, SetOption
from discreet.cli.registry import open_registry

if TYPE_CHECKING:
    from capture.devices import Device

WEAK = "This voice does not withstand an attacker, who can find out who speaks."


def live(
    microphone: Annotated[
        str | None,
        typer.Option("--mic", help="Choose the microphone by number or name (see `discreet devices`); default: usual."),
    ] = None,
    device: Annotated[
        str | None,
        typer.Option(
            "--out",
            help="Choose the output device by number or name: a virtual one that your call uses as its microphone.",
        ),
    ] = None,
    person: Annotated[
        str | None,
        typer.Option(
            "--person", help="Use the changed voice of this enrolled person; default: the same for everybody."
        ),
    ] = None,
    list_devices: Annotated[bool, typer.Option("--list", help="List the output devices and exit.")] = False,
    config: ConfigFile = None,
    settings: SetOption = None,
    registered: RegisteredFolder = None,
    quiet: QuietFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Speak into a call in another voice. If anything fails, the call hears silence, never your own voice.

    The conversion (`warp`) does not withstand an attacker. Press Ctrl-C to stop.
    """
    with ending(as_json):
        from capture.devices import list_loudspeakers

        if list_devices:
            _list(list_loudspeakers(), as_json)
            return
        from capture import RealClock
        from capture.devices import Loudspeaker, Microphone, choose
        from discreet.cli.running import interruptible
        from discreet.config.settings import SettingsError, load
        from discreet.live.stages import live_voice
        from discreet.live.voice_changer import Speaking, SpeakingStatus
        from discreet.pipeline.context import RunContext
        from weights import Store

        if device is None:
            raise SettingsError("--out is missing", "choose a device: discreet live --list")
        values = load(config, settings or [])
        context = RunContext.of(values, Store(), open_registry(registered, values.registered))
        key = context.registry.get(person).voice_key if person is not None else None
        chosen = choose(list_loudspeakers(), device, "device")
        if not as_json:
            err.print(WEAK, style="bold")
            err.print(f"Speaking into {escape(chosen.name)}. Ctrl-C stops.")
        clock = RealClock()
        asked = int(microphone) if microphone and microphone.isdigit() else microphone
        source = Microphone(clock, asked, values.record.sample_rate, latency=0.02)
        speaker = Loudspeaker(chosen.number)
        speaking = Speaking(source, speaker, lambda rate: live_voice(context, rate, key), clock)
        shown = ""

        def watch(now: SpeakingStatus) -> None:
            nonlocal shown
            line = f"{now.voice.level or 'silence'}"
            if line != shown and not quiet and not as_json:
                err.print(f"voice: {escape(line)}")
            shown = line

        with interruptible():
            try:
                speaking(watch)
            except KeyboardInterrupt:
                speaking.stop()
        done = speaking.status
        if as_json:
            print_json(
                {
                    "seconds": round(done.seconds, 2),
                    "silenced": done.voice.silenced,
                    "missed": round(speaker.missed, 3),
                    "left_out": round(speaker.left_out, 3),
                    "steps": done.voice.steps,
                    "failed": list(done.voice.failed),
                    "note": WEAK,
                }
            )
        elif not quiet:
            out.print(f"{done.seconds:.0f} s spoken, {done.voice.silenced + speaker.missed:.1f} s of it silent.")


def _list(devices: list[Device], as_json: bool) -> None:
    if as_json:
        print_json({"devices": [{"number": d.number, "name": d.name, "default": d.default} for d in devices]})
        return
    for each in devices:
        out.print(f"{each.number:>3}  {escape(each.name)}{'  default' if each.default else ''}")
    if not devices:
        out.print("no device was found")
