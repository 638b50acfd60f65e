"""A film in place of a camera, and where its sound begins within a recording."""

from pathlib import Path

import numpy as np
import pytest

from capture import CaptureSettings, Picture, RealClock, SafeWriter, probe
from capture.media_info import MediaInfo
from evaluation.data import virtual_devices
from evaluation.data.virtual_devices import DevicesMissingError, FilmCamera, drift, offset, sound_server, write_sound

RATE = 16000


def speech(seconds: float, seed: int) -> np.ndarray:
    """Noise whose loudness changes four times a second."""
    rng = np.random.default_rng(seed)
    level = np.repeat(10 ** rng.uniform(-3, -0.5, round(4 * seconds)), RATE // 4)
    return np.asarray(level * rng.standard_normal(len(level)), np.float32)


@pytest.mark.parametrize("shift", [-1.25, -0.5, 0.0, 0.37, 2.0])
def test_where_a_sound_begins_is_found_although_the_voice_is_another(shift: float) -> None:
    played = speech(6, 1)
    other = np.abs(played) * np.sign(np.random.default_rng(2).standard_normal(len(played)))  # the same loudness only
    start = round(shift * RATE)
    recorded = np.concatenate([np.zeros(max(0, start), np.float32), other[max(0, -start) :]])
    assert offset(played, recorded.astype(np.float32), RATE) == pytest.approx(shift, abs=0.02)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    info = MediaInfo(path, "mp4", 0.4, True, True, width=64, height=48, fps=25)
    with SafeWriter(path, info, RATE, 1, CaptureSettings()) as writer:
        writer.write_audio(0.1 * np.ones((round(0.4 * RATE), 1), np.float32))
        for i in range(10):
            writer.write_frame(i / 25, np.full((48, 64, 3), 20 * i, np.uint8))
    return path


def test_the_camera_gives_the_film_at_its_own_pace_and_lets_its_sound_begin(
    film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played: list[Path] = []
    monkeypatch.setattr(virtual_devices, "begin", played.append)
    clock = RealClock()
    camera = FilmCamera(clock, str(film), Picture(64, 48, 25))
    begun = clock.now()
    got = camera.open()
    pictures = [camera.read() for _ in range(13)]
    assert (got.picture.width, got.picture.height, got.picture.fps) == (64, 48, 25)
    assert clock.now() - begun >= 0.44
    assert [round(float(item[1].mean()) / 20) for item in pictures if item is not None] == [*range(10), 9, 9, 9]
    assert played == [film.with_suffix(".wav")]
    camera.close()


def test_the_sound_is_written_for_the_player(film: Path, tmp_path: Path) -> None:
    write_sound(film, tmp_path / "film.wav")
    assert probe(tmp_path / "film.wav").duration == pytest.approx(0.4, abs=0.1)


def test_without_pulseaudio_the_reason_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DevicesMissingError, match="is not installed"), sound_server(tmp_path):
        pass


def test_a_film_that_was_played_with_a_gap_is_told() -> None:
    rng = np.random.default_rng(3)
    sound = np.repeat(rng.uniform(0.01, 0.5, 200), 400) * rng.normal(size=80_000)
    even = np.concatenate([np.zeros(8000), sound, np.zeros(8000)])
    late = np.concatenate([np.zeros(8000), sound[:36_000], np.zeros(12_000), sound[36_000:]])
    assert drift(sound, even, 8000) == pytest.approx(0.0, abs=0.02)
    assert drift(sound, late, 8000) == pytest.approx(1.5, abs=0.02)
