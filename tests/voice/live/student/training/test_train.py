"""Training goes on from where it stopped, learns what it is shown, and its record says what was done."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the student is trained with torch: pip install -e .[lab]")
pytest.importorskip("onnx", reason="the student is exported with onnx: pip install -e .[lab]")

from voice.live.student.training.export import export  # noqa: E402
from voice.live.student.training.model import StudentNet  # noqa: E402
from voice.live.student.training.parallel_speech import codes_of, parallel, voices_of  # noqa: E402
from voice.live.student.training.train import Run, Speech, batch_of, losses_of, train  # noqa: E402
from voice.neural.corpus import ParallelSpeech  # noqa: E402


def features(number: int, voice: float) -> np.ndarray:
    """The same changes over time for a number, around a voice of its own."""
    rng = np.random.default_rng(number)
    out = np.repeat(rng.normal(0, 0.5, (40, 20)), 8, axis=0).astype(np.float32) + voice
    out[:, 0] += 8.0
    out[:, 18] = np.log2(256 * 150 * 1.1 ** np.sin(np.arange(len(out)) / 9) / 16000) - 1.5
    out[:, 19] = 0.4
    return out


@pytest.fixture(scope="module")
def texts() -> list[ParallelSpeech]:
    tokens, frames = np.array([0, 43, 156, 44, 16, 46, 4, 0]), np.full(8, 16)
    return [
        ParallelSpeech("", (0, 1), tokens, frames, (np.zeros(0), np.zeros(0)), (features(n, 0.5), features(n, -0.5)))
        for n in range(6)
    ]


@pytest.fixture(scope="module")
def speech(texts: list[ParallelSpeech]) -> Speech:
    return Speech([parallel(each) for each in texts], codes_of(voices_of(texts)))


def test_what_is_wanted_is_in_step_and_in_the_voice_that_is_asked_for(speech: Speech) -> None:
    seen, wanted, voice, sounds = batch_of(speech, np.random.default_rng(0))
    assert seen.shape[:2] == wanted.shape[:2] == sounds.shape
    assert torch.allclose(wanted.mean(1)[:, 1], voice[:, 1], atol=0.6)


def test_the_errors_of_what_is_made_reach_every_part_of_the_network(speech: Speech) -> None:
    net = StudentNet()
    sum(losses_of(net, batch_of(speech, np.random.default_rng(0)))).backward()
    assert all(each.grad is not None and each.grad.isfinite().all() for each in net.parameters())


def test_training_learns_goes_on_and_keeps_a_record(
    speech: Speech, texts: list[ParallelSpeech], tmp_path: Path
) -> None:
    run = Run(tmp_path)
    first = train(run, speech, 0.4)
    second = train(run, speech, 1.2)
    assert second["steps"] > first["steps"] > 0
    assert second["held_out"] < first["held_out"]
    path = export(run, voices_of(texts))
    assert path.read_bytes()
    assert len(json.loads(run.record.read_text("utf-8"))["sha256"]) == 64
