"""Sources: paced by the clock, in step, closed from outside, and honest about what a device gives."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import media_maker as make
import numpy as np
import pytest

from capture.clock import RealClock, StuckError, VirtualClock
from capture.devices import camera as camera_module
from capture.devices import listing, microphone
from capture.devices.camera import Camera
from capture.devices.playback import play
from capture.devices.synthetic import FLASH, DeviceClock, SyntheticPictures, SyntheticSound
from capture.media_info import Picture
from capture.sources import PictureSource, SoundSource
from timeline import DeviceError


def drained(clock: VirtualClock, *sources: PictureSource | SoundSource) -> list[list[tuple[float, Any]]]:
    """Everything the sources give, read as the recorder reads them: a thread each."""
    got: list[list[tuple[float, Any]]] = [[] for _ in sources]

    def reader(i: int) -> Callable[[], None]:
        def run() -> None:
            while (item := sources[i].read()) is not None:
                got[i].append(item)

        return run

    for source in sources:
        source.open()
    threads = [clock.thread(reader(i), f"read {i}") for i in range(len(sources))]
    for thread in threads:
        thread.start()
    for thread in threads:
        assert clock.join(thread, 1000.0)
    return got


def test_virtual_time_passes_only_while_all_wait_and_then_at_once() -> None:
    clock = VirtualClock(start=0.0)
    pictures, sound = SyntheticPictures(clock, Picture(64, 48, 30), 60), SyntheticSound(clock, 8000, 60)
    got, heard = drained(clock, pictures, sound)
    assert len(got) == 1800
    assert sum(len(block) for _, block in heard) == pytest.approx(60 * 8000, abs=960)
    assert clock.now() == pytest.approx(60.0, abs=0.2)


def test_a_virtual_wait_for_nothing_is_an_error_and_no_hang() -> None:
    with pytest.raises(StuckError):
        VirtualClock(patience=0.1).signal().wait_for(lambda: False)


def test_flash_and_beep_begin_together() -> None:
    clock = VirtualClock()
    got, heard = drained(
        clock, SyntheticPictures(clock, Picture(64, 48, 30), 3), SyntheticSound(clock, 8000, 3, block=80)
    )
    flash = [t for t, image in got if image.min() == 255]
    beep = [t for t, block in heard if np.abs(block).max() > 0.3]
    assert len(flash) == 9
    for second in range(3):
        assert 0.0 <= flash[3 * second] - 1000.0 - second < 0.001
        assert any(abs(t - 1000.0 - second) < 0.0101 for t in beep)
    assert FLASH == 0.1


@pytest.mark.parametrize("ppm", [0.0, 100.0, -300.0])
def test_a_fast_clock_gives_more_samples(ppm: float) -> None:
    clock = VirtualClock()
    (heard,) = drained(clock, SyntheticSound(clock, 48000, 100, device=DeviceClock(ppm)))
    samples = sum(len(block) for _, block in heard)
    assert samples / 100 / 48000 - 1 == pytest.approx(ppm * 1e-6, abs=960 / 100 / 48000)


def test_a_closed_source_ends_a_read_that_waits() -> None:
    clock = RealClock()
    source = SyntheticPictures(clock, Picture(64, 48, 0.001))
    source.open()
    assert source.read() is not None
    threading.Timer(0.1, source.close).start()
    assert source.read() is None


def test_a_file_is_played_at_its_own_speed(tmp_path: Path) -> None:
    clip = make.clip(tmp_path / "a.mp4", seconds=2.0, sound=make.tone(2.0))
    clock = VirtualClock(start=50.0)
    pictures, sound = play(clip, clock)
    assert pictures is not None
    assert sound is not None
    got, heard = drained(clock, pictures, sound)
    assert clock.now() == pytest.approx(52.0, abs=0.1)
    assert got[-1][0] == pytest.approx(52.0, abs=0.1)
    rate = sound.open().rate
    assert heard[-1][0] + len(heard[-1][1]) / rate == pytest.approx(52.0, abs=0.1)


def test_a_camera_that_gives_less_is_used_and_says_so() -> None:
    camera = Camera(RealClock(), "testsrc2=size=320x240:rate=25", Picture(1280, 720, 30), format="lavfi")
    got = camera.open()
    assert (got.picture.width, got.picture.height, got.picture.fps) == (320, 240, 25)
    assert "320x240 at 25" in got.note
    times = []
    for _ in range(3):
        item = camera.read()
        assert item is not None
        assert item[1].shape == (240, 320, 3)
        times.append(item[0])
    assert times == sorted(times)
    camera.close()
    assert camera.read() is None


def test_a_camera_that_ends_by_itself_is_lost() -> None:
    camera = Camera(RealClock(), "testsrc2=size=64x48:rate=25:duration=0.1", format="lavfi")
    camera.open()
    for _ in range(2):
        assert camera.read() is not None
    with pytest.raises(DeviceError, match="lost"):
        list(iter(camera.read, None))


def test_a_camera_that_is_not_there_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="cannot be opened"):
        Camera(RealClock(), str(tmp_path / "video9"), format="v4l2").open()
    assert camera_module.backend() in ("v4l2", "avfoundation", "dshow")


def test_a_camera_is_chosen_by_number_or_by_part_of_its_name(tmp_path: Path) -> None:
    for number, index, name in ((0, 0, "Front Camera"), (1, 1, "Front Camera"), (2, 0, "USB Camera")):
        node = tmp_path / f"video{number}"
        node.mkdir()
        (node / "index").write_text(f"{index}\n")
        (node / "name").write_text(f"{name}\n")
    found = listing._video4linux(tmp_path)
    assert [(d.number, d.name, d.url) for d in found] == [
        (0, "Front Camera", "/dev/video0"),
        (2, "USB Camera", "/dev/video2"),
    ]
    assert listing.choose(found, "2", "camera").name == "USB Camera"
    assert listing.choose(found, "front", "camera").number == 0
    for asked in ("1", "camera", "none"):
        with pytest.raises(DeviceError):
            listing.choose(found, asked, "camera")


class FakeStream:
    """What PortAudio would do, done by the test."""

    def __init__(self, callback: Any, finished_callback: Any, samplerate: int, **rest: Any) -> None:
        if samplerate != 44100:
            raise ValueError("Invalid sample rate")
        self.callback, self.finished = callback, finished_callback

    def start(self) -> None: ...

    def abort(self) -> None: ...

    def close(self) -> None: ...


@pytest.fixture
def sounddevice(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = SimpleNamespace(
        InputStream=FakeStream,
        PortAudioError=RuntimeError,
        query_devices=lambda device, kind: {"name": "Fake", "max_input_channels": 2},
    )
    monkeypatch.setattr(microphone, "library", lambda: fake)


def test_a_microphone_takes_the_rate_it_can_and_mixes_to_one_channel(sounddevice: None) -> None:
    clock = VirtualClock()
    source = microphone.Microphone(clock)
    assert source.open() == microphone.SoundFormat(44100, "the microphone gives 44100 Hz, not 48000")
    both = np.stack([np.full(441, 0.5, np.float32), np.full(441, -0.1, np.float32)], axis=1)
    times = SimpleNamespace(currentTime=5.0, inputBufferAdcTime=4.3)  # not to be believed
    source._stream.callback(both, 441, times, None)
    item = source.read()
    assert item is not None
    assert item[0] == pytest.approx(clock.now() - 0.01)
    assert item[1] == pytest.approx(np.full(441, 0.2), abs=1e-6)
    source.close()
    assert source.read() is None


def test_a_microphone_that_stops_or_falls_silent_is_lost_after_its_last_block(sounddevice: None) -> None:
    clock = VirtualClock()
    source = microphone.Microphone(clock)
    source.open()
    source._stream.callback(
        np.zeros((10, 2), np.float32), 10, SimpleNamespace(currentTime=0, inputBufferAdcTime=0), None
    )
    source._stream.finished()
    assert source.read() is not None
    with pytest.raises(DeviceError, match="stopped"):
        source.read()
    silent = microphone.Microphone(clock)
    silent.open()
    before = clock.now()
    with pytest.raises(DeviceError, match="no sound"):
        silent.read()
    assert clock.now() - before == microphone.SILENT_SECONDS


def test_sound_that_nobody_takes_ends_the_recording_and_is_never_dropped_silently(sounddevice: None) -> None:
    clock = VirtualClock()
    source = microphone.Microphone(clock)
    source.open()
    times = SimpleNamespace(currentTime=0.0, inputBufferAdcTime=0.0)
    second = np.zeros((44100, 2), np.float32)
    source._stream.callback(second, 44100, times, None)
    assert source.read() is not None
    for _ in range(int(microphone.HELD_SECONDS) + 2):
        source._stream.callback(second, 44100, times, None)
    for _ in range(int(microphone.HELD_SECONDS) + 1):
        assert source.read() is not None
    with pytest.raises(DeviceError, match="not taken"):
        source.read()


def test_sound_from_before_the_first_read_ends_no_recording(sounddevice: None) -> None:
    source = microphone.Microphone(VirtualClock())
    source.open()
    times = SimpleNamespace(currentTime=0.0, inputBufferAdcTime=0.0)
    for n in range(2 * int(microphone.HELD_SECONDS)):  # the models take two minutes to load
        source._stream.callback(np.full((44100, 2), n, np.float32), 44100, times, None)
    item = source.read()
    assert item is not None
    assert item[1][0] >= microphone.HELD_SECONDS - 2


def test_pictures_that_nobody_takes_in_time_are_lost_and_sound_is_kept() -> None:
    clock = VirtualClock()
    pictures = SyntheticPictures(clock, Picture(64, 48, 10.0))
    sound = SyntheticSound(clock, 8000, block=80)
    pictures.open()
    sound.open()
    wait = clock.signal().wait_for
    seen, heard = [], []
    for _ in range(8):
        seen.append(pictures.read())
        heard.append(sound.read())
        wait(lambda: False, 0.5)
    steps = np.diff([item[0] for item in seen if item is not None])
    assert steps.max() > 0.3
    assert np.diff([item[0] for item in heard if item is not None]) == pytest.approx(0.01)
    assert clock.now() - seen[-1][0] < 1.0  # type: ignore[index]
