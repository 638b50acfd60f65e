"""What a live voice costs and how late it is: ``python -m evaluation.runs.live_voice``.

Read speech of the media goes through :class:`voice.live.LiveVoice` in blocks of 10 ms, as devices give it:

* *load*: CPU seconds per second of sound, and percentiles of the time one block takes;
* *delay*: that of the converter by design; to it come the block itself and the buffers of both devices;
* *alike*: the largest correlation of what comes out with what went in, which the last guard looks at, and how long a
  copy of the own voice is heard before it.

``--pulse`` measures mouth to ear with a PulseAudio that runs here (``pulseaudio --start``): clicks are played into one
null sink, whose monitor is the microphone, and recorded from another, into which it speaks.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import soundfile

from capture import RealClock
from capture.devices import Loudspeaker, Microphone
from discreet.live import Speaking
from evaluation.data.media import MEDIA
from timeline import FloatArray
from voice import Converter, PseudoVoice, make_converter, voice_for
from voice.live import GUARD_LENGTH, REACH, Level, LiveVoice, OwnVoiceGuard, likeness
from voice.live.student import ships

RATE = 16000
BLOCK = 160


def speech(seconds: float) -> FloatArray:
    """Read speech of several people ``[n]`` at 16 kHz."""
    files = sorted(MEDIA.glob("voices/*/*.flac"))[::9]
    sounds = [soundfile.read(path, dtype="float32")[0] for path in files]
    return np.asarray(np.concatenate(sounds)[: round(seconds * RATE)], np.float32)


def levels() -> list[Level]:
    """The ways to convert that there are."""
    return [Level(name, partial(_converter, name)) for name in (*(["student"] if ships() else []), "warp")]


def _converter(name: str, voice: PseudoVoice, rate: int) -> Converter:
    return make_converter(voice, rate, name)


def cost(level: Level, voice: PseudoVoice, sound: FloatArray) -> tuple[FloatArray, str]:
    """What comes out, and a line."""
    live = LiveVoice([level], voice, RATE, time.perf_counter)
    walls, out, begun = [], [], time.process_time()
    for at in range(0, len(sound), BLOCK):
        start = time.perf_counter()
        out.append(live(sound[at : at + BLOCK]))
        walls.append(1000 * (time.perf_counter() - start))
    load = (time.process_time() - begun) / len(sound) * RATE
    half, most = np.quantile(walls, (0.5, 0.99))
    return np.concatenate(out), (
        f"{level.name}: load {load:.3f}, block of 10 ms: median {half:.2f} ms, p99 {most:.2f} ms, delay by design"
        f" {1000 * live.delay / RATE:.0f} ms, silenced {live.status.silenced:.2f} s"
    )


def alike(own: FloatArray, made: FloatArray) -> str:
    """A line: how much the guard finds what comes out to be like what went in."""
    size, reach = round(GUARD_LENGTH * RATE), round((GUARD_LENGTH + REACH) * RATE)
    found = [
        likeness(own[at : at + reach], made[at + reach - size : at + reach]) for at in range(0, len(own) - reach, size)
    ]
    guard, heard = OwnVoiceGuard(RATE), 0
    for at in range(0, len(own), BLOCK):
        if guard(own[at : at + BLOCK], own[at : at + BLOCK]):
            break
        heard += BLOCK
    return (
        f"alike: median {np.median(found):.2f}, highest {np.max(found):.2f} of {len(found)} windows; a copy of the own"
        f" voice is stopped after {heard / RATE:.2f} s"
    )


@contextlib.contextmanager
def null_sink(name: str) -> Iterator[None]:
    """A null sink of PulseAudio."""
    command = ["pactl", "load-module", "module-null-sink", f"sink_name={name}"]
    number = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    try:
        yield
    finally:
        subprocess.run(["pactl", "unload-module", number], check=False, capture_output=True)


def mouth_to_ear(folder: Path, seconds: float = 20.0) -> str:
    """A line: delays of noise bursts from one null sink to the other, through microphone, voice and device."""
    rate = 48000
    with null_sink("mouth"), null_sink("ear"):
        os.environ.update(PULSE_SINK="ear", PULSE_SOURCE="mouth.monitor", PULSE_LATENCY_MSEC="10")
        clock = RealClock()
        voice = voice_for(bytes(32), "ann")
        microphone, device = Microphone(clock, "pulse", rate, latency=0.02), Loudspeaker("pulse")
        speaking = Speaking(microphone, device, lambda hz: LiveVoice(levels(), voice, hz, time.perf_counter), clock)
        thread = threading.Thread(target=speaking, daemon=True)
        thread.start()
        time.sleep(2.0)
        bursts = np.zeros(round(seconds * rate), np.float32)
        for at in np.arange(0.5, seconds - 0.5, 0.73):
            first = round(at * rate)
            bursts[first : first + rate // 20] = 0.3 * np.random.default_rng(first).standard_normal(rate // 20)
        soundfile.write(folder / "bursts.wav", bursts, rate)
        files = [folder / "mouth.wav", folder / "ear.wav"]
        records = [
            subprocess.Popen(["parec", "--file-format=wav", "--latency-msec=10", f"--device={name}.monitor", str(path)])
            for name, path in zip(("mouth", "ear"), files, strict=True)
        ]
        time.sleep(1.0)
        subprocess.run(["paplay", "--device=mouth", str(folder / "bursts.wav")], check=True)
        time.sleep(1.0)
        for record in records:
            record.terminate()
            record.wait(5)
        speaking.stop()
        thread.join(5)
    heard = [onsets(soundfile.read(path, always_2d=True)[0][:, 0], soundfile.info(path).samplerate) for path in files]
    late = [min((b - a for b in heard[1] if b > a), default=np.nan) for a in heard[0]]
    found = 1000 * np.array([each for each in late if each < 0.7])
    if not len(found):
        return "mouth to ear: nothing came through"
    return (
        f"mouth to ear: median {np.median(found):.0f} ms, p99 {np.quantile(found, 0.99):.0f} ms, {len(found)} of"
        f" {len(heard[0])} bursts; {speaking.status.voice.silenced:.2f} s silenced, {device.missed:.2f} s missed"
    )


def onsets(sound: FloatArray, rate: int) -> list[float]:
    """Seconds at which a sound begins after a tenth of a second of silence."""
    size = rate // 1000
    level = np.abs(sound[: len(sound) // size * size].reshape(-1, size)).max(axis=1)
    loud = np.flatnonzero(level > 0.05 * level.max(initial=1e-9)) / 1000
    return [loud[0], *(b for a, b in itertools.pairwise(loud) if b - a > 0.1)] if len(loud) else []


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--pulse", type=Path, help="measure mouth to ear; recordings go into this folder")
    options = parser.parse_args()
    sound = speech(options.seconds)
    for level in levels():
        made, line = cost(level, voice_for(bytes(32), "ann"), sound)
        print(line, flush=True)
        print(alike(sound, made), flush=True)
    if options.pulse is not None:
        print(mouth_to_ear(options.pulse))


if __name__ == "__main__":
    main()
