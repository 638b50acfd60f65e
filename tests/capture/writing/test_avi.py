"""AVI files: 25 frames a second whatever comes, sound beside them, whole or not at all."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capture import AudioFile, CaptureSettings, Image, MediaInfo, VideoFile, probe
from capture.writing.avi import AviWriter
from timeline import OutputError

SIZE = 64, 48


def info(path: Path, width: int = SIZE[0], height: int = SIZE[1]) -> MediaInfo:
    return MediaInfo(path, "none", 1.0, True, True, width=width, height=height)


def grey(level: int, width: int = SIZE[0], height: int = SIZE[1]) -> Image:
    return np.full((height, width, 3), level, np.uint8)


def levels(path: Path) -> list[int]:
    return [round(float(picture.mean()) / 10) for _, picture in VideoFile(path)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("avi")
    (made / "input").touch()
    return made


@given(st.lists(st.integers(1, 120), min_size=1, max_size=12))
@settings(max_examples=3)
def test_each_frame_shows_the_picture_of_its_time(folder: Path, steps: list[int]) -> None:
    """``steps``: ms between pictures."""
    path = folder / "a.avi"
    times = np.cumsum([0, *steps[:-1]]) / 1000
    with AviWriter(path, info(folder / "input"), None) as writer:
        for number, t in enumerate(times):
            writer.write_frame(float(t), grey(20 * number))
    shown = levels(path)
    places = np.round(times * 25).astype(int)
    assert len(shown) == writer.frames == places[-1] + 1
    first = {place: 2 * number for number, place in reversed(list(enumerate(places.tolist())))}
    for place, level in enumerate(shown):
        assert abs(level - first[max(p for p in first if p <= place)]) <= 1


def test_times_sound_tag_and_size_read_back(folder: Path) -> None:
    path = folder / "b.avi"
    tone = 0.5 * np.sin(np.arange(16000) * 0.2).astype(np.float32)
    with AviWriter(path, info(folder / "input", 63, 47), 16000, 2, CaptureSettings(comment="hello there")) as writer:
        for number in range(25):
            writer.write_frame(number / 25, grey(100, 63, 47))
            writer.write_audio(np.repeat(tone[number * 640 : (number + 1) * 640, None], 2, axis=1))
    found = probe(path)
    assert (found.container, found.width, found.height, found.fps) == ("avi", 64, 48, 25)
    assert (found.sample_rate, found.channels, found.duration) == (16000, 2, pytest.approx(1.0, abs=0.05))
    assert [t for t, _ in VideoFile(path)] == pytest.approx([n / 25 for n in range(25)], abs=1e-6)
    assert np.abs(np.concatenate(list(AudioFile(path, 16000).blocks()))[: len(tone)] - tone).max() < 1e-3
    assert b"hello there" in path.read_bytes().partition(b"movi")[0]
    video = cv2.VideoCapture(str(path))  # as AAVID's scripts read it
    assert video.get(cv2.CAP_PROP_FPS) == 25
    assert int(video.get(cv2.CAP_PROP_FRAME_COUNT)) == 25


def test_what_is_broken_off_leaves_nothing(folder: Path) -> None:
    def broken_off() -> None:
        with AviWriter(folder / "c.avi", info(folder / "input"), None) as writer:
            writer.write_frame(0, grey(1))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    assert not [path for path in folder.iterdir() if "c.avi" in path.name]


def test_the_input_is_never_written_over(folder: Path) -> None:
    path = folder / "in.avi"
    path.write_bytes(b"x")
    with pytest.raises(OutputError, match="is the input"):
        AviWriter(path, replace(info(path)), None)
    assert path.read_bytes() == b"x"
