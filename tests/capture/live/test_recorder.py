"""The recorder as a whole, on a virtual clock: every thread runs, no test sleeps."""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import media_maker as make
import numpy as np
import pytest
from live_fakes import FAST, MARK, MARKED, SMALL, DelayStage, Held, Later, marked, recorder, rename

from capture import AudioFile, VideoFile, probe
from capture.clock import VirtualClock
from capture.devices import DeviceClock
from capture.devices.playback import play
from capture.devices.synthetic import SyntheticPictures, SyntheticSound
from capture.live.pipeline import PipelineParts
from capture.live.recorder import Recorder
from capture.media_info import Picture
from capture.sources import PictureFormat
from capture.writing.fragmented_mp4 import FragmentWriter, growing_name
from timeline import DeviceError, OutputError

COVERS = ("capture.live.protocols",)


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(patience=30.0)


def greys(path: Path) -> list[float]:
    """Times of the pictures that are covered whole: corners of one grey."""
    return [
        t for t, picture in VideoFile(path) if abs(int(picture[:8, :8].mean()) - 94) < 5 and picture[:8, :8].std() < 2
    ]


def test_a_recording_is_whole_and_in_step_and_nobody_is_seen(tmp_path: Path, clock: VirtualClock) -> None:
    done = recorder(tmp_path / "a.mp4", clock, seconds=6.0).run()
    assert done.error is None
    assert done.path == tmp_path / "a.mp4"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.mp4"]
    info = probe(done.path)
    assert (info.width, info.height, info.sample_rate, info.truncated) == (96, 64, 16000, False)
    assert done.frames_in == done.frames_out == info.frames
    assert done.dropped == done.covered_frames == 0
    assert marked(done.path) == 0
    assert greys(done.path) == []
    flashes = make.flashes(VideoFile(done.path, info))
    beeps = make.onsets(np.concatenate(list(AudioFile(done.path, 48000, info=info).blocks())), 48000)
    assert len(flashes) == len(beeps) == 5  # the first second's is over when it begins
    assert np.abs(np.subtract(flashes, beeps)).max() < 0.04
    assert len(done.tracks) == 1


def test_the_planted_face_would_be_found(tmp_path: Path, clock: VirtualClock) -> None:
    class Blind(DelayStage):
        def push(self, t: float, picture: Any) -> Any:
            return [(t, picture)]

    source = SyntheticPictures(clock, SMALL, 1.0, lambda n, image: image.__setitem__(MARK, MARKED))
    done = Recorder(tmp_path / "a.mp4", PipelineParts(FAST, source, None, lambda p: Blind(clock)), clock=clock).run()
    assert done.path is not None
    assert marked(done.path) == done.frames_out


def raises(start: float, end: float) -> Callable[[float], None]:
    def fault(t: float) -> None:
        if start <= t < end:
            raise RuntimeError("no detector")

    return fault


def says(what: Any, start: float, end: float) -> Callable[[float], Any]:
    return lambda t: what if start <= t < end else None


@pytest.mark.parametrize(
    ("fault", "recovers"),
    [
        (raises(1.0, 2.0), True),
        (raises(0.0, 99.0), False),
        (says("nothing", 1.0, 2.5), True),
        (says("nothing", 0.0, 99.0), False),
        (says(1.5, 1.0, 1.03), True),  # stalls once
        (says(0.2, 1.0, 2.0), True),  # much too slow for a while
        (says("hang", 1.0, 99.0), False),  # never comes back
    ],
    ids=["raises", "always raises", "gives nothing", "never gives anything", "stalls", "lags", "hangs"],
)
def test_a_stage_that_fails_covers_the_whole_picture_until_it_works_again(
    tmp_path: Path, clock: VirtualClock, fault: Callable[[float], Any], recovers: bool
) -> None:
    done = recorder(tmp_path / "a.mp4", clock, seconds=6.0, fault=fault).run()
    assert done.error is None
    assert done.path is not None
    assert marked(done.path) == 0
    covered = greys(done.path)
    assert len(covered) == done.covered_frames > 0
    assert done.covered[0].reason
    assert covered[0] <= done.covered[0].start + 0.05
    info = probe(done.path)
    assert info.duration == pytest.approx(5.9, abs=0.2)
    assert info.audio_end == pytest.approx(5.9, abs=0.2)
    assert (max(covered) < 4.5) == recovers
    assert done.frames_in == done.frames_out + done.dropped


def test_who_watches_is_shown_what_was_written_and_nothing_else(tmp_path: Path, clock: VirtualClock) -> None:
    seen: list[Any] = []
    done = recorder(tmp_path / "a.mp4", clock, seconds=6.0, fault=raises(1.0, 2.0), show=seen.append).run()
    assert done.covered_frames > 0
    assert len(seen) == done.frames_out
    assert not any((picture[MARK] == MARKED).all(axis=2).any() for picture in seen)


def test_a_watcher_that_fails_costs_nothing(tmp_path: Path, clock: VirtualClock) -> None:
    def fail(picture: Any) -> None:
        raise RuntimeError("no window")

    done = recorder(tmp_path / "a.mp4", clock, show=fail).run()
    assert done.error is None
    assert done.frames_out == done.frames_in > 0


def test_a_stage_that_is_a_little_slow_drops_pictures_and_counts_them(tmp_path: Path, clock: VirtualClock) -> None:
    done = recorder(tmp_path / "a.mp4", clock, seconds=4.0, fault=lambda t: 0.05).run()
    assert done.error is None
    assert done.dropped > 20
    assert done.covered_frames == 0
    assert done.frames_in == done.frames_out + done.dropped
    info = probe(tmp_path / "a.mp4")
    assert info.frames == done.frames_out
    assert info.audio_end == pytest.approx(3.9, abs=0.1)  # sound is never dropped


def test_a_duration_ends_it(tmp_path: Path, clock: VirtualClock) -> None:
    begun = clock.now()
    done = recorder(tmp_path / "a.mp4", clock, seconds=1000.0, duration=2.0).run()
    assert done.duration == 2.0
    assert clock.now() - begun < 6.0
    info = probe(tmp_path / "a.mp4")
    assert info.duration == pytest.approx(2.0, abs=0.05)
    assert info.audio_end == pytest.approx(2.0, abs=0.03)


def test_a_pause_is_left_out_of_picture_and_sound(tmp_path: Path, clock: VirtualClock) -> None:
    record = recorder(tmp_path / "a.mp4", clock, seconds=1000.0)
    states = []

    def watch(now: Any) -> None:
        states.append(now.paused)
        t = clock.now() - 1000.0
        record.pause(2.2 <= t < 6.2)
        if t > 9.0:
            record.stop()

    done = record.run(watch)
    assert True in states
    assert done.duration == pytest.approx(9.0 - 0.6 - 4.0, abs=0.4)
    info = probe(tmp_path / "a.mp4")
    assert info.video_end == pytest.approx(done.duration, abs=0.05)
    assert info.audio_end == pytest.approx(done.duration, abs=0.05)
    flashes = make.flashes(VideoFile(tmp_path / "a.mp4", info))
    beeps = make.onsets(np.concatenate(list(AudioFile(tmp_path / "a.mp4", 48000, info=info).blocks())), 48000)
    assert len(flashes) >= 3
    assert np.abs(np.subtract(flashes, beeps)).max() < 0.04
    assert done.covered_frames == 0


@pytest.mark.parametrize("ppm", [-200.0, pytest.param(150.0, marks=pytest.mark.slow)])
def test_drift_is_measured_and_corrected(tmp_path: Path, clock: VirtualClock, ppm: float) -> None:
    held = Held()
    settings = FAST.model_copy(update={"sound": "none"})
    origin = clock.now() + 0.5
    sound = SyntheticSound(clock, 8000, 300.0, origin, DeviceClock(ppm, 0.01), 800)
    pictures = SyntheticPictures(clock, Picture(16, 16, 1.0), 300.0, None, origin)
    parts = PipelineParts(settings, pictures, sound, lambda p: DelayStage(clock, 0.0), sidecar=lambda rate: held)
    done = Recorder(tmp_path / "a.mp4", parts, clock=clock).run()
    assert done.error is None
    assert done.ppm == pytest.approx(ppm, abs=20)
    assert held.closed
    samples = np.concatenate(held.blocks)
    beeps = np.array(make.onsets(samples, 8000))
    seconds = np.round(beeps)
    offset = beeps - seconds
    drifted = 300 * abs(ppm) * 1e-6
    assert drifted > 0.05
    assert np.ptp(offset[60:]) < 0.03
    assert len(samples) / 8000 == pytest.approx(done.duration, abs=0.2)


def test_the_file_has_the_converted_sound_and_the_sidecar_the_own(tmp_path: Path, clock: VirtualClock) -> None:
    held = Held()
    done = recorder(
        tmp_path / "a.mp4",
        clock,
        settings=FAST.model_copy(update={"sound": "voice", "audio_kbps": 256}),
        convert=lambda rate: Later(),
        sidecar=lambda rate: held,
    ).run()
    assert done.error is None
    own = np.concatenate(held.blocks)
    written = np.concatenate(list(AudioFile(tmp_path / "a.mp4", 16000).blocks()))
    assert abs(len(own) - len(written)) <= 1100
    n = min(len(own), len(written))
    assert np.corrcoef(own[:n], written[:n])[0, 1] < -0.9  # the sign is the converter's; its delay is made good


def test_no_sound_is_written_where_none_is_wanted(tmp_path: Path, clock: VirtualClock) -> None:
    recorder(tmp_path / "a.mp4", clock, settings=FAST.model_copy(update={"sound": "none"})).run()
    assert not probe(tmp_path / "a.mp4").has_audio


def test_a_played_file_is_recorded_to_its_end(tmp_path: Path, clock: VirtualClock) -> None:
    clip = make.clip(tmp_path / "in.mp4", size=(96, 64), seconds=2.0, sound=make.tone(2.0))
    pictures, sound = play(clip, clock)
    done = Recorder(
        tmp_path / "a.mp4", PipelineParts(FAST, pictures, sound, lambda p: DelayStage(clock)), clock=clock
    ).run()
    assert done.error is None
    assert probe(tmp_path / "a.mp4").duration == pytest.approx(2.0, abs=0.3)


# -- faults -----------------------------------------------------------------------------------------------------------


class Faulty:
    """A source that fails once it has given some pictures or blocks."""

    def __init__(self, inner: Any, clock: VirtualClock, how: str) -> None:
        self.inner, self.how, self.left = inner, how, 40
        self.name = "faulty"
        self.signal = clock.signal()
        self.closed = False

    def open(self) -> Any:
        if self.how == "open":
            raise DeviceError("it is not there")
        return self.inner.open()

    def read(self) -> Any:
        self.left -= 1
        if self.left < 0 and self.how == "lost":
            raise DeviceError("it was unplugged")
        if self.left < 0 and self.how == "fault":
            raise ZeroDivisionError
        if (self.left < 0 and self.how == "stalls") or self.how == "never":
            self.signal.wait_for(lambda: self.closed)
            return None
        if self.left < 0 and self.how == "hangs":
            self.signal.wait_for(lambda: False)
        return self.inner.read()

    def close(self) -> None:
        self.closed = True
        self.signal.notify()
        self.inner.close()


def with_fault(target: Path, clock: VirtualClock, which: str, how: str) -> Recorder:
    record = recorder(target, clock, seconds=1000.0, duration=60.0)
    faulty = Faulty(record._parts.pictures if which == "picture" else record._parts.sound, clock, how)
    record._parts = replace(record._parts, **{"pictures" if which == "picture" else "sound": faulty})
    return record


@pytest.mark.parametrize("which", ["picture", "sound"])
@pytest.mark.parametrize("how", ["lost", "fault", "stalls", "hangs"])
def test_a_source_that_is_lost_ends_in_a_playable_file(
    tmp_path: Path, clock: VirtualClock, which: str, how: str
) -> None:
    done = with_fault(tmp_path / "a.mp4", clock, which, how).run()
    assert isinstance(done.error, ZeroDivisionError if how == "fault" else DeviceError)
    assert done.path == tmp_path / "a.mp4"
    info = probe(done.path)
    assert not info.truncated
    assert info.duration > 0.5
    assert marked(done.path) == 0
    assert any("left behind" in note for note in done.notes) == (how == "hangs")


@pytest.mark.parametrize("which", ["picture", "sound"])
def test_a_source_that_is_not_there_leaves_nothing(tmp_path: Path, clock: VirtualClock, which: str) -> None:
    with pytest.raises(DeviceError, match="not there"):
        with_fault(tmp_path / "a.mp4", clock, which, "open").run()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("which", ["picture", "sound"])
def test_a_source_that_never_begins_ends_it_and_leaves_nothing(tmp_path: Path, clock: VirtualClock, which: str) -> None:
    done = with_fault(tmp_path / "a.mp4", clock, which, "never").run()
    assert isinstance(done.error, DeviceError)
    assert done.path is None
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_what_was_whole(
    tmp_path: Path, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from capture.writing import fragmented_mp4

    write = fragmented_mp4._Growing.write

    def full(self: Any, data: Any) -> int:
        if self.written > 20000:
            self.error = OSError(errno.ENOSPC, "No space left on device")
            raise self.error
        return write(self, data)

    monkeypatch.setattr(fragmented_mp4._Growing, "write", full)
    done = recorder(tmp_path / "a.mp4", clock, seconds=60.0).run()
    assert isinstance(done.error, OutputError)
    assert "full" in str(done.error)
    assert done.path == tmp_path / "a.mp4"
    assert 0.3 < probe(done.path).duration < 30


def test_it_ends_before_the_disk_is_full(tmp_path: Path, clock: VirtualClock) -> None:
    settings = FAST.model_copy(update={"reserve_mb": 10**9})
    done = recorder(tmp_path / "a.mp4", clock, settings=settings).run()
    assert isinstance(done.error, OutputError)
    assert "nearly full" in str(done.error)


def test_an_encoder_that_hangs_is_noticed_and_what_was_written_stays(
    tmp_path: Path, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = FragmentWriter.add_picture
    signal = clock.signal()
    let_go = threading.Event()

    def hang(self: Any, t: float, image: Any) -> None:
        if t > 2.0 and not let_go.is_set():
            signal.wait_for(let_go.is_set)
        add(self, t, image)

    monkeypatch.setattr(FragmentWriter, "add_picture", hang)
    done = recorder(tmp_path / "a.mp4", clock, seconds=100.0).run()
    assert isinstance(done.error, OutputError)
    assert done.path == growing_name(tmp_path / "a.mp4")
    let_go.set()
    signal.notify()


@pytest.mark.parametrize("part", ["convert", "sidecar", "stage", "drift"])
def test_a_fault_in_any_part_ends_in_a_playable_file(
    tmp_path: Path, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    class Breaks(Later, Held):
        def __init__(self) -> None:
            Later.__init__(self)
            Held.__init__(self)

        def __call__(self, block: Any) -> Any:
            if part == "convert" and clock.now() > 1002:
                raise ZeroDivisionError
            return super().__call__(block)

        def write(self, samples: Any) -> None:
            if part == "sidecar" and clock.now() > 1002:
                raise OSError(errno.EIO, "a broken disk")

    if part == "drift":
        from capture.live.drift import ClockEstimate

        update = ClockEstimate.update

        def breaks(self: Any, t: float, samples: int) -> float:
            if clock.now() > 1002:
                raise ZeroDivisionError
            return update(self, t, samples)

        monkeypatch.setattr(ClockEstimate, "update", breaks)
    done = recorder(
        tmp_path / "a.mp4",
        clock,
        settings=FAST.model_copy(update={"sound": "voice"}),
        convert=lambda rate: Breaks(),
        sidecar=lambda rate: Breaks(),
        fault=raises(1.0, 99.0) if part == "stage" else None,
    ).run()
    assert (done.error is None) == (part == "stage")
    assert done.path is not None
    assert probe(done.path).duration > 0.8
    assert marked(done.path) == 0


def test_a_view_that_fails_and_an_interrupt_cost_nothing(tmp_path: Path, clock: VirtualClock) -> None:
    calls = []

    def broken(now: Any) -> None:
        calls.append(now)
        raise ValueError

    assert recorder(tmp_path / "a.mp4", clock).run(broken).error is None
    assert len(calls) == 1

    def interrupt(now: Any) -> None:
        if now.elapsed > 1:
            raise KeyboardInterrupt

    done = recorder(tmp_path / "b.mp4", clock, seconds=1000).run(interrupt)
    assert isinstance(done.error, KeyboardInterrupt)
    assert probe(tmp_path / "b.mp4").duration == pytest.approx(1.2, abs=0.3)


@pytest.mark.parametrize("times", [12, pytest.param(1000, marks=pytest.mark.slow)])
def test_starts_and_stops_leave_no_thread_and_no_file_open(tmp_path: Path, times: int) -> None:
    before = set(threading.enumerate())
    handles = Path("/proc/self/fd")
    opened = len(list(handles.iterdir())) if handles.exists() else 0
    for n in range(times):
        clock = VirtualClock(patience=30.0)
        record = recorder(tmp_path / f"{n}.mp4", clock, duration=0.1 + n % 5 * 0.05, finish=rename)
        if n % 7 == 0:
            record.stop()
        done = record.run()
        assert done.error is None
        assert (done.path is None) == (n % 7 == 0)
        if done.path is not None:
            done.path.unlink()
    assert set(threading.enumerate()) <= before
    assert not handles.exists() or len(list(handles.iterdir())) <= opened


def test_nothing_is_recorded_without_a_stage_or_over_another_file(tmp_path: Path, clock: VirtualClock) -> None:
    pictures = SyntheticPictures(clock, SMALL)
    assert isinstance(pictures.open(), PictureFormat)
    with pytest.raises(ValueError, match="without a masking stage"):
        PipelineParts(FAST, pictures, None, None)
    with pytest.raises(ValueError, match="nothing"):
        PipelineParts(FAST, None, None, None)
    (tmp_path / "a.mp4").write_bytes(b"a meeting")
    with pytest.raises(OutputError, match="already"):
        recorder(tmp_path / "a.mp4", clock)
    growing_name(tmp_path / "b.mp4").write_bytes(b"cut")
    with pytest.raises(OutputError, match="already") as caught:
        recorder(tmp_path / "b.mp4", clock).run()
    assert "discreet recover" in caught.value.remedy
    assert growing_name(tmp_path / "b.mp4").read_bytes() == b"cut"
