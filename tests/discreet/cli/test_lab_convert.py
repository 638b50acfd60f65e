"""``discreet lab convert`` on the command line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from discreet.cli.app import app
from discreet.lab import write_take
from discreet.voice_evaluation.sound import plain_wav
from timeline import ExitCode
from voice.neural.exported_model import LabConverter
from voice.neural.features import Controls


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["lab", "convert", *map(str, arguments)])
    return done.exit_code, done.output


@pytest.fixture(autouse=True)
def _bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCREET_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DISCREET_KEYRING", "file")


def test_a_folder_without_a_model_is_one_line_and_nothing_is_written(tmp_path: Path) -> None:
    code, said = run(tmp_path, tmp_path / "talk.wav", "-o", tmp_path / "out.wav")
    assert code == ExitCode.INPUT
    assert "holds no exported model" in said
    assert not (tmp_path / "out.wav").exists()


def test_a_speaker_has_a_voice_and_controls_reach_the_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[bytes, str, Controls]] = []

    def change(sound: np.ndarray, secret: bytes, person: str, controls: Controls) -> np.ndarray:
        asked.append((secret, person, controls))
        return sound[::2]

    monkeypatch.setattr(LabConverter, "open", lambda folder, store: change)
    sound = (0.1 * np.sin(np.arange(16000) / 9)).astype(np.float32)
    write_take(tmp_path / "talk.wav", sound)
    for name in ("one", "two"):
        code, said = run(
            tmp_path, tmp_path / "talk.wav", "-o", tmp_path / f"{name}.wav", "--speaker", "ann", "--rate", 2
        )
        assert code == 0, said
    assert asked[0] == asked[1], "the key is the registry's"
    assert asked[0][1:] == ("ann", Controls(rate=2.0))
    assert len(asked[0][0]) >= 16
    assert plain_wav(tmp_path / "one.wav") == pytest.approx(sound[::2], abs=1e-4)
    code, said = run(tmp_path, tmp_path / "talk.wav", "-o", tmp_path / "one.wav")
    assert code == ExitCode.OUTPUT
    assert "there already" in said
