"""A microphone for real: PortAudio on ALSA on PulseAudio's null sink, where all of these are installed."""

from __future__ import annotations

import contextlib
import subprocess
import threading
import wave
from collections.abc import Iterator
from pathlib import Path

import media_maker as make
import numpy as np
import pytest

from capture.clock import RealClock
from capture.devices.microphone import Microphone
from capture.live.drift import DriftCorrector
from evaluation.data.virtual_devices import SINK, DevicesMissingError, microphone_number, sound_server
from timeline import DeviceError


@pytest.fixture(scope="module")
def sink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PulseAudio of its own with a null sink, whose name it gives; its monitor is the default microphone."""
    with contextlib.ExitStack() as stack:
        try:
            names = stack.enter_context(sound_server(tmp_path_factory.mktemp("pulse")))
            patch = stack.enter_context(pytest.MonkeyPatch.context())
            for name, value in names.items():
                patch.setenv(name, value)
            microphone_number()
        except DevicesMissingError as error:
            pytest.skip(str(error))
        except DeviceError as error:
            pytest.skip(f"{error} ({error.remedy})")
        yield SINK


def test_what_is_played_is_heard_in_time(tmp_path: Path, sink: str) -> None:
    """Player and sound server run in real time, so a busy machine may make them late: then they play again."""
    for _ in range(3):
        try:
            return play_and_hear(tmp_path, sink)
        except AssertionError as error:
            late = error
    raise late


def play_and_hear(tmp_path: Path, sink: str) -> None:
    rate, beeps = 48000, [0.5, 1.5, 2.0, 3.25]
    sound = make.beeping(beeps, 4.0, rate)[:, 0]
    with wave.open(str(tmp_path / "a.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((sound * 32767).astype("<i2").tobytes())
    clock = RealClock()
    microphone = Microphone(clock, "pulse", rate)
    got = microphone.open()
    assert got.rate == rate
    play = threading.Timer(
        1.0, lambda: subprocess.run(["paplay", f"--device={sink}", str(tmp_path / "a.wav")], check=True)
    )
    begun = clock.now()
    play.start()
    correct, parts = DriftCorrector(rate), []
    try:
        while clock.now() - begun < 6.5:
            item = microphone.read()
            assert item is not None
            # How late a block is taken depends on the machine's load; what it says of itself does not.
            assert begun - 1.0 < item[0] <= clock.now() - len(item[1]) / rate + 0.1
            parts.append(correct(*item))
            end = item[0] + len(item[1]) / rate
    finally:
        microphone.close()
        play.join()
    heard = np.concatenate(parts)
    onsets = make.onsets(heard, rate)
    assert len(onsets) == len(beeps)
    # A busy player falters, which makes a pause longer. Sound that the microphone lost would make it shorter.
    longer = np.diff(onsets) - np.diff(beeps)
    assert longer.min() > -0.01
    assert longer.sum() < 1.0
    assert correct.gaps == 0
    assert len(heard) / rate == pytest.approx(end - correct.origin, abs=0.1)
