"""Where only the sound changed, every pixel stays as it was."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from capture import AudioFile, SafeWriter
from capture.info import Picture
from discreet.config.settings import Settings
from discreet.pipeline import Faces, open_source
from discreet.pipeline.render import RenderPlan
from discreet.pipeline.render_again import RenderTarget, render_sound
from evaluation.runs.compare_results import decoded
from timeline import Redaction, silent
from voice import VoicePlan, VoiceSpan
from voice.resynthesis import SILENT_ROOM

RATE = 16000


def recording(path: Path, seed: int) -> Path:
    rng = np.random.default_rng(seed)
    with SafeWriter(path, Picture(64, 48, 10.0), RATE, 1) as writer:
        for number in range(30):
            writer.write_audio(np.asarray(rng.uniform(-0.3, 0.3, RATE // 10), np.float32))
            writer.write_frame(number / 10, rng.integers(0, 255, (48, 64, 3), np.uint8))
    return path


def test_the_picture_is_the_earlier_one_and_the_sound_is_new(tmp_path: Path) -> None:
    source = open_source(recording(tmp_path / "source.mp4", 1), Settings().capture)
    earlier = recording(tmp_path / "earlier.mp4", 2)
    beep = Redaction(id="w1", kind="word", start=1.0, end=2.0, operator="silence", reason="x")
    plan = RenderPlan(Faces([], np.zeros(0)), VoicePlan([VoiceSpan(0.0, 4.0, None)], SILENT_ROOM), [beep])
    shares: list[float] = []
    target = RenderTarget(tmp_path / "out.mp4", earlier, "mark")
    render_sound(source, target, Settings(), plan, shares.append)
    frames = [row for row in decoded(earlier) if row[0].startswith("frame")]
    assert [row for row in decoded(target.path) if row[0].startswith("frame")] == frames
    sound = np.concatenate(list(AudioFile(target.path, RATE).blocks()))
    assert np.abs(sound[round(1.1 * RATE) : round(1.9 * RATE)]).max() < 0.02
    assert np.abs(sound[: RATE // 2]).max() > 0.1
    assert shares == sorted(shares)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["earlier.mp4", "out.mp4", "source.mp4"]


def test_without_an_earlier_recording_it_refuses(tmp_path: Path) -> None:
    source = open_source(recording(tmp_path / "source.mp4", 1), Settings().capture)
    plan = RenderPlan(Faces([], np.zeros(0)), VoicePlan([], SILENT_ROOM))
    with pytest.raises(ValueError, match="no earlier"):
        render_sound(source, RenderTarget(tmp_path / "out.mp4"), Settings(), plan, silent)
