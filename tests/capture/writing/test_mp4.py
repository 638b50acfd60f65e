"""Writing: in step at both ends, whole or not at all, nothing taken over from the input."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import media_maker as make
import numpy as np
import psutil
import pytest

from capture import AudioFile, CaptureSettings, Picture, SafeWriter, VideoFile, clean_partials, probe, suffix_for
from capture.writing import encoder
from timeline.errors import OutputError

FAST = CaptureSettings(preset="ultrafast")


def copy(source: Path, target: Path, settings: CaptureSettings = FAST) -> None:
    """Decode and write again, sound and picture side by side, as the pipeline does."""
    info = probe(source)
    sound = AudioFile(source, sample_rate=None, mono=False, info=info)
    blocks = sound.blocks(0.5)
    with SafeWriter(target, info, sound.sample_rate if sound.has_sound else None, sound.channels, settings) as out:
        heard = 0.0
        if info.has_video:
            for t, bgr in VideoFile(source, info):
                while heard <= t and (block := next(blocks, None)) is not None:
                    out.write_audio(block)
                    heard += len(block) / sound.sample_rate
                out.write_frame(t, bgr)
        for block in blocks:
            out.write_audio(block)


def events(path: Path) -> tuple[list[float], list[float]]:
    info = probe(path)
    frames = VideoFile(path, info)
    samples = np.concatenate(list(AudioFile(path, 48000, info=info).blocks()))
    return make.flashes(frames), make.onsets(samples, 48000)


@pytest.mark.parametrize(
    ("kind", "rate", "channels", "preset", "starts"),
    [
        ("mp4", 48000, 2, "veryfast", (0.0, 0.0)),
        ("mp4", 16000, 1, "ultrafast", (0.0, 0.0)),
        ("mkv", 44100, 1, "medium", (0.4, 0.0)),
        ("mkv", 48000, 1, "ultrafast", (0.0, 0.4)),
        ("ts", 48000, 1, "veryfast", (10.2, 10.0)),
    ],
)
def test_flash_and_beep_stay_in_step(
    tmp_path: Path, kind: str, rate: int, channels: int, preset: Any, starts: tuple[float, float]
) -> None:
    at = [0.48, 3.0, 5.6]
    video_start, audio_start = starts
    source = make.clip(
        tmp_path / f"a.{kind}",
        kind="mpegts" if kind == "ts" else None,
        size=(160, 120),
        seconds=6,
        paint=make.flashing(at),
        sound=make.beeping(at, 6.0, rate, channels),
        rate=rate,
        audio_codec="flac" if kind == "mkv" else "aac",
        video_start=video_start,
        audio_start=audio_start,
    )
    copy(source, tmp_path / "b.mp4", CaptureSettings(preset=preset))
    first = min(starts) - (1024 / rate if kind == "ts" else 0)  # a transport stream keeps AAC's priming samples
    flashes, beeps = events(tmp_path / "b.mp4")
    assert flashes == pytest.approx([a + video_start - first for a in at], abs=0.02)
    assert beeps == pytest.approx([a + audio_start - first for a in at], abs=0.02)
    before = events(source)
    for old, new in zip((before[0], before[1]), (flashes, beeps), strict=True):
        assert new == pytest.approx(old, abs=0.01)
    with av.open(str(tmp_path / "b.mp4")) as container:
        assert container.start_time == 0


def test_a_variable_rate_is_kept_to_the_last_picture(tmp_path: Path) -> None:
    times = [0.0, *np.cumsum([0.02, 0.05, 0.033, 0.2, 1.1] * 8).tolist()]
    source = make.clip(tmp_path / "a.mp4", times=times, sound=make.tone(12), seconds=12)
    copy(source, tmp_path / "b.mp4", CaptureSettings(preset="veryfast"))
    got = [(t, make.read_stamp(bgr)) for t, bgr in VideoFile(tmp_path / "b.mp4")]
    assert [n for _, n in got] == list(range(41))
    assert [t for t, _ in got] == pytest.approx(times, abs=2e-4)
    assert probe(tmp_path / "b.mp4").variable_rate


def test_times_of_a_clock_are_taken_as_they_are(tmp_path: Path) -> None:
    """Live: pictures jitter, sound carries the clock's time, a lost second of sound stays a silent second."""
    rng = np.random.default_rng(0)
    times = np.cumsum(rng.uniform(0.02, 0.05, 60)).tolist()
    sound = make.beeping([0.5, 1.5], 2.0, 48000)[:, 0]
    with SafeWriter(tmp_path / "a.mp4", Picture(320, 240), 48000, 1, FAST) as out:
        for i, t in enumerate(times):
            out.write_frame(t, make.stamped(i, t, 320, 240))
        for i in range(10):
            out.write_audio(sound[i * 4800 : (i + 1) * 4800], i * 0.1 + rng.uniform(0, 0.004))
        for i in range(10, 20):
            out.write_audio(sound[i * 4800 : (i + 1) * 4800], 1.0 + i * 0.1)
    got = list(VideoFile(tmp_path / "a.mp4"))
    assert [t for t, _ in got] == pytest.approx(times, abs=1e-4)
    assert [make.read_stamp(bgr) for _, bgr in got] == list(range(60))
    beeps = make.onsets(np.concatenate(list(AudioFile(tmp_path / "a.mp4", 48000).blocks())), 48000)
    assert beeps == pytest.approx([0.5, 2.5], abs=0.02)


def test_backward_times_are_mended(tmp_path: Path) -> None:
    with SafeWriter(tmp_path / "a.mp4", Picture(320, 240), None, 1, FAST) as out:
        for i, t in enumerate([0.0, 0.04, 0.04, 0.03, 0.08]):
            out.write_frame(t, make.stamped(i, t, 320, 240))
    got = list(VideoFile(tmp_path / "a.mp4"))
    assert [make.read_stamp(bgr) for _, bgr in got] == list(range(5))
    assert all(a < b for (a, _), (b, _) in pairwise(got))


@pytest.mark.parametrize("size", [(641, 361), (640, 361), (641, 360)])
def test_odd_sizes_gain_a_copy_of_the_last_row_or_column(tmp_path: Path, size: tuple[int, int]) -> None:
    picture = make.quadrants(0, 0.0, *size)
    with SafeWriter(tmp_path / "a.mp4", Picture(*size), None, 1, FAST) as out:
        for i in range(5):
            out.write_frame(i / 25, picture)
        written = out.size
    assert written == (size[0] + size[0] % 2, size[1] + size[1] % 2)
    for _, bgr in VideoFile(tmp_path / "a.mp4"):
        assert bgr.shape == (written[1], written[0], 3)
        assert np.abs(bgr[: size[1], : size[0]].astype(int) - picture).mean() < 5
        assert np.abs(bgr[-1].astype(int) - bgr[-2]).max() < 12


def test_the_shape_of_pixels_is_kept(tmp_path: Path) -> None:
    copy(make.clip(tmp_path / "a.mp4", sar=Fraction(4, 3), seconds=0.4), tmp_path / "b.mp4")
    assert probe(tmp_path / "b.mp4").sar == pytest.approx(4 / 3, rel=1e-3)


def test_sound_alone_becomes_m4a(tmp_path: Path) -> None:
    source = make.clip(
        tmp_path / "a.wav", paint=None, sound=make.beeping([0.5, 2.5], 3.0, 48000, 2), audio_codec="pcm_s16le"
    )
    info = probe(source)
    assert suffix_for(info) == ".m4a"
    copy(source, tmp_path / "b.m4a")
    back = AudioFile(tmp_path / "b.m4a", None, mono=False)
    assert (back.sample_rate, back.channels) == (48000, 2)
    assert back.duration == pytest.approx(3.0, abs=0.025)
    assert make.onsets(np.concatenate(list(back.blocks()))[:, 1], 48000) == pytest.approx([0.5, 2.5], abs=0.02)


@pytest.mark.parametrize("rate", [8000, 22000, 192000])
def test_rates_that_aac_lacks_are_resampled(tmp_path: Path, rate: int) -> None:
    sound = make.beeping([0.5, 1.5], 2.0, rate)
    with SafeWriter(tmp_path / "a.m4a", None, rate, 1) as out:
        for at in range(0, len(sound), rate // 3):
            out.write_audio(sound[at : at + rate // 3])
    audio = AudioFile(tmp_path / "a.m4a")
    assert audio.duration == pytest.approx(2.0, abs=0.15)
    assert make.onsets(np.concatenate(list(audio.blocks())), 16000) == pytest.approx([0.5, 1.5], abs=0.02)


def test_picture_alone(tmp_path: Path) -> None:
    copy(make.clip(tmp_path / "a.mp4"), tmp_path / "b.mp4")
    info = probe(tmp_path / "b.mp4")
    assert info.has_video
    assert not info.has_audio
    assert info.frames == 50
    assert info.duration == pytest.approx(2.0, abs=0.01)


def test_nothing_of_the_inputs_metadata_is_taken_over(tmp_path: Path) -> None:
    secret = "Therapy with Jo 47.3769+008.5417"
    source = make.clip(
        tmp_path / "a.mov",
        sound=make.tone(1),
        metadata={
            "title": secret,
            "location": "+47.3769+008.5417/",
            "comment": secret,
            "creation_time": "2021-03-04T05:06:07Z",
        },
        options={"movflags": "use_metadata_tags"},
    )
    assert secret.encode() in source.read_bytes()
    copy(source, tmp_path / "b.mp4")
    written = (tmp_path / "b.mp4").read_bytes()
    assert secret.encode() not in written
    assert b"47.37" not in written
    assert b"a.mov" not in written
    with av.open(str(tmp_path / "b.mp4")) as container:
        assert set(container.metadata) <= {"major_brand", "minor_version", "compatible_brands", "encoder", "comment"}
        assert container.metadata["comment"] == "discreet"


def test_the_index_comes_first(tmp_path: Path) -> None:
    from capture.mp4_boxes import top_level_boxes

    copy(make.clip(tmp_path / "a.mp4", sound=make.tone(2)), tmp_path / "b.mp4")
    kinds = [kind for kind, _, _ in top_level_boxes(tmp_path / "b.mp4")]
    assert kinds.index(b"moov") < kinds.index(b"mdat")


def some(out: SafeWriter, count: int = 10) -> None:
    for i in range(count):
        out.write_frame(i / 25, make.stamped(i, 0, 320, 240))


def test_under_its_name_only_when_complete(tmp_path: Path) -> None:
    target = tmp_path / "day é 会議.mp4"
    target.write_text("what was there before")
    with SafeWriter(target, Picture(320, 240), None, 1, FAST) as out:
        some(out)
        names = {p.name for p in tmp_path.iterdir()}
        assert names == {target.name, f".{target.name}.partial-{os.getpid()}"}
        assert target.read_text() == "what was there before"
    assert [p.name for p in tmp_path.iterdir()] == [target.name]
    assert probe(target).frames == 10


def test_a_name_of_255_bytes(tmp_path: Path) -> None:
    target = tmp_path / ("会" * 83 + "xx.mp4")
    with SafeWriter(target, Picture(320, 240), None, 1, FAST) as out:
        some(out)
    assert [p.name for p in tmp_path.iterdir()] == [target.name]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_any_exception_leaves_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    before = threading.active_count()
    with pytest.raises(error), SafeWriter(tmp_path / "a.mp4", Picture(320, 240), 48000, 1, FAST) as out:  # noqa: PT012
        some(out)
        raise error
    assert list(tmp_path.iterdir()) == []
    assert threading.active_count() == before
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


CHILD = """
import sys, time, numpy as np
from capture import SafeWriter, Picture
with SafeWriter(sys.argv[1], Picture(320, 240)) as out:
    for i in range(100000):
        out.write_frame(i / 25, np.zeros((240, 320, 3), np.uint8))
        if i == 200: print("going", flush=True)
"""


def started(path: Path) -> subprocess.Popen[str]:
    run = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert run.stdout is not None
    assert run.stdout.readline() == "going\n"
    return run


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, -2)])
def test_signals_leave_nothing(tmp_path: Path, number: signal.Signals, code: int) -> None:
    run = started(tmp_path / "a.mp4")
    assert len(list(tmp_path.iterdir())) == 1
    run.send_signal(number)
    run.communicate(timeout=30)
    assert run.returncode == code
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_leaves_is_cleaned_and_nothing_else(tmp_path: Path) -> None:
    dead = started(tmp_path / "dead.mp4")
    alive = started(tmp_path / "alive.mp4")
    (tmp_path / ".notes.partial-x").write_text("mine")
    (tmp_path / "b.partial-12").write_text("mine")
    try:
        dead.kill()
        dead.communicate()
        assert [p.name for p in clean_partials(tmp_path)] == [f".dead.mp4.partial-{dead.pid}"]
        left = {p.name for p in tmp_path.iterdir()}
        assert left == {f".alive.mp4.partial-{alive.pid}", ".notes.partial-x", "b.partial-12"}
    finally:
        alive.kill()
        alive.communicate()
    with SafeWriter(tmp_path / "c.mp4", Picture(320, 240)) as out:
        assert [p.name for p in clean_partials(tmp_path)] == [f".alive.mp4.partial-{alive.pid}"]
        some(out)
    assert (tmp_path / "c.mp4").exists()


FILL = """
import sys, numpy as np
from capture import SafeWriter, Picture, CaptureSettings
from timeline.errors import OutputError
noise = np.random.default_rng(0).integers(0, 255, (240, 320, 3), np.uint8)
try:
    with SafeWriter(sys.argv[1], Picture(320, 240), settings=CaptureSettings(preset="ultrafast", crf=40)) as out:
        for i in range(100):
            out.write_frame(i / 25, np.roll(noise, i, 1))
except OutputError as error:
    print(error, "|", error.remedy)
"""


@pytest.mark.parametrize("share", [0.3, 0.99999])
def test_a_disk_that_is_really_full(tmp_path: Path, share: float) -> None:
    """A small file system in a namespace of its own: full while writing, and full by less than a page at the end."""
    run = subprocess.run(
        [sys.executable, "-c", FILL, str(tmp_path / "a.mp4")], capture_output=True, text=True, check=True
    )
    assert run.stdout == ""
    size = (tmp_path / "a.mp4").stat().st_size
    (tmp_path / "a.mp4").unlink()
    pages = int(size * share) // 4096
    script = (
        f'mount -t tmpfs -o size={pages * 4}k none "$1" || exit 9; {sys.executable} -c "$FILL" "$1/a.mp4"; ls -A "$1"'
    )
    run = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script, "sh", str(tmp_path)],
        capture_output=True,
        text=True,
        env=os.environ | {"FILL": FILL},
        check=False,
    )
    if run.returncode == 9 or "unshare" in run.stderr:
        pytest.skip("this machine gives no mount namespaces")
    assert "the disk is full" in run.stdout, run.stdout + run.stderr
    assert len(run.stdout.splitlines()) == 1


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("where", ["add_picture", "finish"])
def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, where: str) -> None:
    def full(*args: object) -> None:
        raise OSError(number, "full")

    monkeypatch.setattr(encoder.Encoder, where, full)
    with (
        pytest.raises(OutputError, match="the disk is full"),
        SafeWriter(tmp_path / "a.mp4", Picture(320, 240)) as out,
    ):
        some(out, 100)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_at_the_sync_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "fsync", full)
    with (
        pytest.raises(OutputError, match="the disk is full"),
        SafeWriter(tmp_path / "a.mp4", Picture(320, 240)) as out,
    ):
        some(out)
    assert list(tmp_path.iterdir()) == []


def test_an_index_that_was_lost_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = encoder.Encoder.finish

    def torn(self: encoder.Encoder) -> None:
        whole(self)
        partial = next(tmp_path.iterdir())
        os.truncate(partial, partial.stat().st_size - 10)

    monkeypatch.setattr(encoder.Encoder, "finish", torn)
    with (
        pytest.raises(OutputError, match="is incomplete"),
        SafeWriter(tmp_path / "a.mp4", Picture(320, 240)) as out,
    ):
        some(out)
    assert list(tmp_path.iterdir()) == []


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "folder.mp4").mkdir()
    for path, words in (
        (tmp_path / "none" / "a.mp4", "no such folder"),
        (tmp_path / "folder.mp4", "is a folder"),
        (tmp_path / "a.avi", "only .mp4"),
        (tmp_path / "a.m4a", "no picture"),
    ):
        with pytest.raises(OutputError, match=words):
            SafeWriter(path, Picture(320, 240))
    assert [p.name for p in tmp_path.iterdir()] == ["folder.mp4"]


def test_the_input_is_never_the_output(tmp_path: Path) -> None:
    source = make.clip(tmp_path / "a.mp4")
    (tmp_path / "link.mp4").symlink_to(source)
    info = probe(source)
    for name in ("a.mp4", "link.mp4"):
        with pytest.raises(OutputError, match="is the input"):
            SafeWriter(tmp_path / name, info)


def test_wrong_shapes_are_refused(tmp_path: Path) -> None:
    with SafeWriter(tmp_path / "a.mp4", Picture(320, 240), 48000, 2, FAST) as out:
        some(out, 2)
        with pytest.raises(ValueError, match="announced"):
            out.write_frame(1.0, np.zeros((240, 322, 3), np.uint8))
        for shape in ((100,), (100, 1), (100, 3)):
            with pytest.raises(ValueError, match="announced"):
                out.write_audio(np.zeros(shape, np.float32))
    with pytest.raises(ValueError, match="closed"):
        out.write_frame(2.0, np.zeros((240, 320, 3), np.uint8))


def test_the_queue_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Event()
    real = encoder.Encoder.add_picture

    def slow(self: encoder.Encoder, t: float, bgr: np.ndarray) -> None:
        gate.wait(10)
        real(self, t, bgr)

    monkeypatch.setattr(encoder.Encoder, "add_picture", slow)
    given = 0

    def feed(out: SafeWriter) -> None:
        nonlocal given
        for i in range(40):
            out.write_frame(i / 25, np.zeros((240, 320, 3), np.uint8))
            given += 1

    with SafeWriter(tmp_path / "a.mp4", Picture(320, 240), None, 1, CaptureSettings(queue_mb=1)) as out:
        feeder = threading.Thread(target=feed, args=(out,))
        feeder.start()
        time.sleep(0.4)
        assert given == 4  # 1 MiB of pictures of 225 KiB
        gate.set()
        feeder.join(20)
    assert probe(tmp_path / "a.mp4").frames == 40


def test_memory_does_not_grow(tmp_path: Path) -> None:
    picture = np.random.default_rng(0).integers(0, 255, (180, 320, 3), np.uint8)
    rss = []
    with SafeWriter(
        tmp_path / "a.mp4", Picture(320, 180), 16000, 1, CaptureSettings(preset="ultrafast", queue_mb=4)
    ) as out:
        for i in range(2000):
            out.write_frame(i / 25, np.roll(picture, i, 1))
            out.write_audio(np.zeros(640, np.float32))
            if i in (700, 1999):
                rss.append(psutil.Process().memory_info().rss)
    assert rss[1] - rss[0] < 10 << 20
