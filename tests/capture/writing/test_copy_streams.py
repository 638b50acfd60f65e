"""The picture of one file and the sound of another, bit for bit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from capture import SafeWriter, join
from capture.media_info import Picture
from capture.settings import CaptureSettings
from evaluation.runs.compare_results import decoded
from timeline import OutputError

RATE = 16000


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder, settings = tmp_path_factory.mktemp("parts"), CaptureSettings(comment="kept")
    rng = np.random.default_rng(1)
    with SafeWriter(folder / "a.mp4", Picture(64, 48, 10.0), RATE, 1, settings) as writer:
        for number in range(20):
            writer.write_audio(np.zeros(RATE // 10, np.float32))
            writer.write_frame(number / 10, rng.integers(0, 255, (48, 64, 3), np.uint8))
    with SafeWriter(folder / "b.m4a", None, RATE, 1, settings) as writer:
        writer.write_audio(np.asarray(rng.uniform(-0.3, 0.3, 2 * RATE), np.float32))
    return folder / "a.mp4", folder / "b.m4a"


def of(path: Path, kind: str) -> list[tuple[str, str]]:
    return [row for row in decoded(path) if row[0].startswith(kind)]


def test_every_frame_is_that_of_the_one_and_every_sample_that_of_the_other(
    parts: tuple[Path, Path], tmp_path: Path
) -> None:
    picture, sound = parts
    join(picture, sound, tmp_path / "c.mp4")
    assert of(tmp_path / "c.mp4", "frame") == of(picture, "frame")
    assert of(tmp_path / "c.mp4", "sound") == of(sound, "sound")
    assert len(of(picture, "frame")) == 20
    assert of(sound, "sound") != of(picture, "sound")
    assert b"kept" in (tmp_path / "c.mp4").read_bytes()


def test_without_sound_there_is_the_picture_alone(parts: tuple[Path, Path], tmp_path: Path) -> None:
    join(parts[0], None, tmp_path / "c.mp4")
    assert list(decoded(tmp_path / "c.mp4")) == of(parts[0], "frame")


def test_what_cannot_be_read_leaves_nothing(parts: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        join(parts[1], parts[1], tmp_path / "c.mp4")
    with pytest.raises(OutputError):
        join(tmp_path / "none.mp4", None, tmp_path / "c.mp4")
    assert list(tmp_path.iterdir()) == []
