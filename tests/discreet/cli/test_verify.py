"""``discreet verify``: made speech is found in a file, people's is not, and the answer says how far to trust it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from capture import SoundWriter
from discreet.cli.app import app
from timeline import ExitCode
from voice.watermark import CHECKED, MARK, RATE, marked


def written(path: Path, sound: np.ndarray, codec: str = "flac") -> Path:
    with SoundWriter(path, RATE, 1, codec) as out:
        out.write(sound.astype(np.float32))
    return path


def hum(seconds: float) -> np.ndarray:
    """Noise whose level moves: ``[n]``."""
    rng = np.random.default_rng(3)
    level = np.repeat(10 ** rng.uniform(-1.0, 0.0, round(seconds * 5)), RATE // 5)
    return (0.05 * level * rng.standard_normal(len(level))).astype(np.float32)


def verified(path: Path, *options: str):
    return CliRunner().invoke(app, ["verify", str(path), *options])


def test_made_speech_is_found_where_it_is(tmp_path: Path) -> None:
    sound = hum(16.0)
    sound[5 * RATE : 12 * RATE] = marked(sound[5 * RATE : 12 * RATE], RATE, 5 * RATE)
    done = verified(written(tmp_path / "talk.flac", sound), "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["mark"] == MARK
    (part,) = found["made"]
    assert abs(part["start"] - 5.0) <= 1.5
    assert abs(part["end"] - 12.0) <= 1.5
    assert found["false_alarms"]["of"] == CHECKED >= 1000


def test_what_was_not_found_is_not_called_genuine(tmp_path: Path) -> None:
    done = verified(written(tmp_path / "talk.flac", hum(6.0)))
    assert done.exit_code == 0, done.output
    assert "does not prove" in done.stdout
    assert "two-second stretches of natural speech" in done.stdout.replace("\n", " ")


@pytest.mark.parametrize("content", [b"", b"no sound at all"])
def test_what_is_no_recording_is_an_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "talk.wav"
    path.write_bytes(content)
    done = verified(path)
    assert done.exit_code == ExitCode.INPUT
    assert "Traceback" not in done.output
