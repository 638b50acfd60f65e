"""``discreet live``: says what it needs, and that the voice does not withstand an attacker."""

from __future__ import annotations

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from capture import devices
from capture.devices import Device
from capture.sources import SoundFormat
from discreet.cli.app import app
from timeline import ExitCode

RATE = 16000


class Mic:
    """A second of noise."""

    def __init__(self, clock, device, rate, latency) -> None:
        self.name = "fake"
        self._left = [np.random.default_rng(0).normal(0, 0.1, RATE // 50).astype(np.float32) for _ in range(50)]
        self._clock = clock

    def open(self) -> SoundFormat:
        return SoundFormat(RATE)

    def read(self):
        return (self._clock.now() - 0.02, self._left.pop()) if self._left else None

    def close(self) -> None: ...


class Sink:
    """Hears it."""

    heard: list[np.ndarray] = []  # noqa: RUF012
    missed = left_out = 0.0

    def __init__(self, device) -> None:
        self.name = str(device)

    def open(self, rate: int) -> None: ...
    def write(self, block: np.ndarray) -> None:
        self.heard.append(block)

    def close(self) -> None: ...


@pytest.fixture(autouse=True)
def _fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [Device(3, "Speakers", "3", True), Device(5, "Null Output", "5")]
    monkeypatch.setattr(devices, "list_loudspeakers", lambda: found, raising=False)
    monkeypatch.setattr(devices, "Microphone", Mic, raising=False)
    monkeypatch.setattr(devices, "Loudspeaker", Sink, raising=False)
    monkeypatch.setattr(Sink, "heard", [])


def test_it_lists_what_can_be_spoken_into() -> None:
    done = CliRunner().invoke(app, ["live", "--list", "--json"])
    assert [d["name"] for d in json.loads(done.stdout)["devices"]] == ["Speakers", "Null Output"]


@pytest.mark.parametrize(("options", "code"), [([], ExitCode.USAGE), (["--out", "nowhere"], ExitCode.DEVICE)])
def test_without_a_device_nothing_begins(options: list[str], code: int, tmp_path) -> None:
    done = CliRunner().invoke(app, ["live", *options, "--registered", str(tmp_path / "r")])
    assert done.exit_code == code, done.output
    assert not Sink.heard


def test_a_call_hears_another_voice_and_the_speaker_is_told_how_weak_it_is(tmp_path) -> None:
    done = CliRunner().invoke(app, ["live", "--out", "null", "--registered", str(tmp_path / "r")])
    assert done.exit_code == 0, done.output
    assert "does not withstand an attacker" in done.output
    assert "1 s spoken" in done.output
    assert np.concatenate(Sink.heard).std() > 0.01
