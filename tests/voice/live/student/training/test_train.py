"""Training goes on from where it stopped, learns what it is shown, and its record says what was done."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the student is trained with torch: pip install -e .[lab]")
pytest.importorskip("onnx", reason="the student is exported with onnx: pip install -e .[lab]")

from voice.live.student.training.export import export  # noqa: E402
from voice.live.student.training.pairs import pair, read_pairs  # noqa: E402
from voice.live.student.training.run import main  # noqa: E402
from voice.live.student.training.train import Run, train  # noqa: E402


def features(seed: int, voice: float) -> np.ndarray:
    """The same changes over time for a seed, around a voice of its own."""
    rng = np.random.default_rng(seed)
    out = np.repeat(rng.normal(0, 0.5, (30, 20)), 8, axis=0).astype(np.float32) + voice
    out[:, 0] += 2.0
    out[:, 18] = np.log2(256 * 150 * 1.1 ** np.sin(np.arange(len(out)) / 9) / 16000) - 1.5
    out[:, 19] = 0.4
    return out


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    out = []
    for number in range(4):
        path = tmp_path / f"pair-{number}.npz"
        np.savez(path, source=features(number, 0.5), target=features(number, -0.5))
        out.append(path)
    return out


def test_a_pair_is_in_step_and_says_whose_voice_is_wanted() -> None:
    made = pair(features(0, 0.5), features(0, -0.5))
    assert len(made.seen) == len(made.wanted) == 120
    assert made.voice[1] == pytest.approx(np.median(features(0, -0.5)[:, 1]), abs=0.5)


def test_every_voice_is_said_in_every_voice(paths: list[Path]) -> None:
    assert len(list(read_pairs(paths))) == 4 * len(paths)


def test_training_learns_goes_on_and_keeps_a_record(paths: list[Path], tmp_path: Path) -> None:
    run = Run(tmp_path)
    train(run, paths, 0.3)
    first = json.loads(run.record.read_text("utf-8"))
    train(run, paths, 0.9)
    second = json.loads(run.record.read_text("utf-8"))
    assert second["steps"] > first["steps"] > 0
    assert second["held_out"] < first["held_out"]
    path = export(run)
    assert path.read_bytes()
    assert len(json.loads(run.record.read_text("utf-8"))["sha256"]) == 64


def test_the_command_says_what_it_needs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["run", "--help"])
    with pytest.raises(SystemExit):
        main()
    assert "--pairs" in capsys.readouterr().out
