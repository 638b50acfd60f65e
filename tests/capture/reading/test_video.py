"""Pictures: upright, in order, in time, whatever the file; and what becomes of a decoder that dies."""

from __future__ import annotations

import hashlib
import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import media_maker as make
import numpy as np
import psutil
import pytest

from capture import CaptureSettings, VideoFile, probe
from capture.reading import video
from capture.reading.child_process import Child
from timeline.errors import InputError

COVERS = ("capture.decoder.main",)


def stamps(path: Path, **how: float) -> list[tuple[float, int]]:
    return [(t, make.read_stamp(bgr)) for t, bgr in VideoFile(path).frames(**how)]  # type: ignore[arg-type]


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[Child]:
    """The decoding children started during a test."""
    started: list[Child] = []

    class Noted(Child):
        def __init__(self, *args: object) -> None:
            super().__init__(*args)  # type: ignore[arg-type]
            started.append(self)

    monkeypatch.setattr(video, "Child", Noted)
    return started


def test_every_picture_in_order_and_in_time(tmp_path: Path) -> None:
    got = stamps(make.clip(tmp_path / "a.mp4", seconds=3, video_options={"preset": "medium"}))
    assert [n for _, n in got] == list(range(75))
    assert [t for t, _ in got] == pytest.approx([i / 25 for i in range(75)], abs=1e-4)


def test_pictures_belong_to_the_caller(tmp_path: Path) -> None:
    kept = [bgr for _, bgr in VideoFile(make.clip(tmp_path / "a.mp4"))]
    assert all(bgr.flags.writeable and bgr.flags.c_contiguous for bgr in kept)
    kept[0][:] = 0
    assert make.read_stamp(kept[1]) == 1


def test_a_variable_rate_is_kept(tmp_path: Path) -> None:
    times = (np.cumsum([0.02, 0.05, 0.033, 0.2, 1.1] * 8) - 0.02).tolist()
    got = stamps(make.clip(tmp_path / "a.mp4", times=times))
    assert [n for _, n in got] == list(range(40))
    assert [t for t, _ in got] == pytest.approx(times, abs=1e-4)


def test_repeated_times_are_mended(tmp_path: Path) -> None:
    """Two halves of a transport stream that overlap in time by one picture, as broken recorders write them."""
    a = make.clip(tmp_path / "a.ts", kind="mpegts", seconds=0.4, codec="mpeg2video", video_options={}, video_start=5)
    b = make.clip(tmp_path / "b.ts", kind="mpegts", seconds=0.4, codec="mpeg2video", video_options={}, video_start=5.36)
    (tmp_path / "c.ts").write_bytes(a.read_bytes() + b.read_bytes())
    got = stamps(tmp_path / "c.ts")
    assert [n for _, n in got] == [*range(10), *range(10)]
    times = [t for t, _ in got]
    assert times[:10] == pytest.approx([i * 0.04 for i in range(10)], abs=1e-3)
    assert times[10:] == pytest.approx([0.361, *(0.36 + i * 0.04 for i in range(1, 10))], abs=1e-3)


def test_times_count_from_the_earlier_stream(tmp_path: Path) -> None:
    path = make.clip(tmp_path / "a.ts", kind="mpegts", sound=make.tone(2), audio_start=10, video_start=10.4, seconds=1)
    assert next(iter(VideoFile(path)))[0] == pytest.approx(0.4, abs=0.03)


@pytest.mark.parametrize("flip", [(False, False), (True, False)])
@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_every_turn_and_mirror_stands_upright(tmp_path: Path, degrees: int, flip: tuple[bool, bool]) -> None:
    """The oracle is FFmpeg's definition of the matrix, applied to the quadrants' centres."""
    import struct

    import av

    path = make.clip(tmp_path / "a.mp4", paint=make.quadrants, seconds=0.2, turn=(degrees, *flip))
    with av.open(str(path)) as container:
        frame = next(container.decode(video=0))
    sides: Any = frame.side_data
    side = [bytes(s) for s in sides if s.type.name == "DISPLAYMATRIX"]
    a, b, _, c, d = struct.unpack("<5i", side[0][:20]) if side else (65536, 0, 0, 0, 65536)
    stored = make.quadrants(0, 0.0, 320, 240).astype(int)
    _, upright = next(iter(VideoFile(path)))
    h, w = upright.shape[:2]
    for y, x in ((-1, -1), (-1, 1), (1, -1), (1, 1)):
        right, down = np.sign(a * x + c * y), np.sign(b * x + d * y)
        seen = upright[int(h / 2 + down * h / 4), int(w / 2 + right * w / 4)].astype(int)
        assert np.abs(seen - stored[120 + 60 * y, 160 + 80 * x]).max() < 40


@pytest.mark.parametrize(
    ("size", "codec", "pix_fmt", "kind", "turned"),
    [
        ((641, 361), "libx264", "yuv444p", "mp4", False),
        ((641, 361), "libx264", "yuv444p", "mp4", True),
        ((97, 61), "png", "rgb24", "mov", True),
        ((320, 240), "libx264", "yuv420p10le", "mp4", False),
        ((320, 240), "libx264", "yuv420p10le", "mp4", True),
        ((320, 240), "libx264", "yuv422p", "mov", True),
        ((3840, 2160), "libx264", "yuv420p", "mp4", True),
        ((320, 240), "libvpx-vp9", "yuv420p", "webm", False),
        ((320, 240), "mpeg4", "yuv420p", "avi", False),
    ],
)
def test_sizes_depths_and_formats(
    tmp_path: Path, size: tuple[int, int], codec: str, pix_fmt: str, kind: str, turned: bool
) -> None:
    path = make.clip(
        tmp_path / f"a.{kind}",
        size=size,
        seconds=0.2,
        paint=make.quadrants,
        codec=codec,
        pix_fmt=pix_fmt,
        turn=(180, False, False) if turned else None,
        video_options={"preset": "ultrafast"} if codec == "libx264" else {},
    )
    frames = list(VideoFile(path))
    assert len(frames) == 5
    expected = make.quadrants(0, 0.0, *size)[:: -1 if turned else 1, :: -1 if turned else 1]
    for _, bgr in frames:
        assert bgr.shape == (size[1], size[0], 3)
        assert np.abs(bgr[::4, ::4].astype(int) - expected[::4, ::4]).mean() < 8


def test_hd_pictures_without_a_colour_matrix_keep_their_colours(tmp_path: Path) -> None:
    """What PyAV writes without a tag is BT.601; a tag, when there is one, is believed."""
    from capture import Picture, SafeWriter

    for size in ((1280, 720), (640, 360)):
        paint = make.quadrants(0, 0.0, *size)
        with SafeWriter(tmp_path / "a.mp4", Picture(*size)) as out:
            for i in range(3):
                out.write_frame(i / 30, paint)
        _, bgr = next(iter(VideoFile(tmp_path / "a.mp4")))
        assert np.abs(bgr.astype(int) - paint)[10:-10:5, 10:-10:5].mean() < 4


def test_scaled_and_both_sizes_show_the_same(tmp_path: Path) -> None:
    path = make.clip(tmp_path / "a.mp4", size=(641, 360), pix_fmt="yuv444p", turn=(90, False, False), seconds=0.5)
    video = VideoFile(path)
    assert video.size == (360, 641)
    alone = list(video.frames((180, 320)))
    both = list(video.pairs((180, 320)))
    assert [t for t, _ in alone] == [t for t, _, _ in both] == [t for t, _ in video]
    for (_, small), (_, full, little) in zip(alone, both, strict=True):
        assert small.shape == (320, 180, 3)
        assert full.shape == (641, 360, 3)
        assert np.array_equal(small, little)
        assert np.abs(full[1::2, ::2][:320].astype(int) - little).mean() < 12


@pytest.mark.parametrize(("start", "stop"), [(1.03, 1.5), (2.5, None), (9.0, None)])
def test_a_part_has_the_times_of_the_whole(tmp_path: Path, start: float, stop: float | None) -> None:
    path = make.clip(tmp_path / "a.mp4", seconds=3, sound=make.tone(3), audio_start=0.0, video_start=0.2)
    whole = stamps(path)
    part = [(t, make.read_stamp(bgr)) for t, bgr in VideoFile(path).frames(start=start, stop=stop)]
    assert part == [(t, n) for t, n in whole if t >= start - 1e-6 and (stop is None or t < stop)]


def test_a_picture_that_changes_its_size_is_brought_to_the_largest(tmp_path: Path) -> None:
    a = make.clip(tmp_path / "a.ts", kind="mpegts", seconds=1).read_bytes()
    b = make.clip(tmp_path / "b.ts", kind="mpegts", seconds=1, size=(480, 360)).read_bytes()
    (tmp_path / "c.ts").write_bytes(a + b)
    frames = list(VideoFile(tmp_path / "c.ts"))
    assert {bgr.shape for _, bgr in frames} == {(360, 480, 3)}
    times = [t for t, _ in frames]
    assert all(x < y for x, y in itertools.pairwise(times))
    assert 1.8 < times[-1] < 2.2
    assert len(frames) >= 48


def test_threads_change_nothing(tmp_path: Path) -> None:
    path = make.clip(tmp_path / "a.mp4", seconds=2)
    one, four = (VideoFile(path, settings=CaptureSettings(decode_threads=n)) for n in (1, 4))
    for (t1, a), (t2, b) in zip(one, four, strict=True):
        assert t1 == t2
        assert np.array_equal(a, b)


@pytest.mark.parametrize("kind", ["faststart", "fragmented", "mkv", "ts"])
@pytest.mark.parametrize("share", [0.45, 0.8])
def test_a_truncated_file_gives_what_is_there_and_says_so(tmp_path: Path, kind: str, share: float) -> None:
    flags = {"faststart": "+faststart", "fragmented": "frag_keyframe+empty_moov+default_base_moof"}
    path = make.clip(
        tmp_path / ("a.mp4" if kind in flags else f"a.{kind}"),
        kind="mpegts" if kind == "ts" else None,
        seconds=8,
        sound=make.tone(8),
        options={"movflags": flags[kind]} if kind in flags else {},
    )
    video = VideoFile(make.cut(path, share))
    frames = list(video)
    assert 50 < len(frames) < 190
    assert [make.read_stamp(bgr) for _, bgr in frames[:50]] == list(range(50))
    assert frames[-1][0] == pytest.approx(video.info.duration, abs=1.0)
    if kind != "ts":  # a transport stream has no end to miss
        assert video.truncated


def test_damage_in_the_middle_is_stepped_over_and_counted(tmp_path: Path) -> None:
    path = make.clip(tmp_path / "a.mp4", seconds=6, options={"movflags": "+faststart"}, gop=10)
    data = bytearray(path.read_bytes())
    middle = len(data) * 6 // 10
    data[middle : middle + 3000] = bytes(3000)
    path.write_bytes(data)
    video = VideoFile(path)
    frames = list(video)
    assert video.damaged > 0
    assert len(frames) > 75
    assert make.read_stamp(frames[-1][1]) == 149


def test_no_picture(tmp_path: Path) -> None:
    video = VideoFile(make.clip(tmp_path / "a.m4a", paint=None, sound=make.tone(1)))
    with pytest.raises(InputError, match="has no picture"):
        list(video)


def first_then(path: Path, children: list[Child], act: signal.Signals, patience: float = 30.0) -> str:
    video = VideoFile(path, settings=CaptureSettings(stall_seconds=patience))
    frames = iter(video)
    for _ in range(50):
        next(frames)
    os.kill(children[-1].pid, act)
    with pytest.raises(InputError) as caught:
        for _ in frames:
            pass
    assert not psutil.pid_exists(children[-1].pid)
    return str(caught.value)


@pytest.mark.parametrize("act", [signal.SIGSEGV, signal.SIGKILL])
def test_a_crash_says_where(tmp_path: Path, children: list[Child], act: signal.Signals) -> None:
    line = first_then(make.clip(tmp_path / "a.mp4", size=(1280, 720), seconds=3), children, act)
    assert "damaged at about 2." in line
    assert f"signal {act.value}" in line


def test_a_hang_says_where(tmp_path: Path, children: list[Child]) -> None:
    path = make.clip(tmp_path / "a.mp4", size=(1280, 720), seconds=6)
    line = first_then(path, children, signal.SIGSTOP, patience=1.0)
    assert "damaged at about 2." in line
    assert "has not answered" in line


def test_a_crash_at_the_torn_edge_is_an_end(tmp_path: Path, children: list[Child]) -> None:
    path = make.clip(tmp_path / "a.mp4", size=(1280, 720), seconds=4, options={"movflags": "+faststart"})
    video = VideoFile(make.cut(path, 0.8))
    count = 0
    for t, _ in video:
        count += 1
        if t > video.info.video_end - 0.9:
            os.kill(children[-1].pid, signal.SIGSEGV)
    assert video.truncated
    assert count > 50


def test_a_pass_that_is_left_ends_its_child(tmp_path: Path, children: list[Child]) -> None:
    frames: Iterator[object] = iter(VideoFile(make.clip(tmp_path / "a.mp4", size=(1280, 720), seconds=4)))
    next(frames)
    assert psutil.pid_exists(children[-1].pid)
    frames.close()  # type: ignore[attr-defined]
    assert not psutil.pid_exists(children[-1].pid)


def test_the_child_ends_when_the_parent_is_killed(tmp_path: Path) -> None:
    path = make.clip(tmp_path / "a.mp4", size=(640, 480), seconds=2)
    code = (
        "import sys, time; from capture import VideoFile; f = iter(VideoFile(sys.argv[1])); next(f);"
        "import psutil; print(psutil.Process().children()[0].pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert psutil.pid_exists(child)
    parent.kill()
    parent.wait()
    until = time.monotonic() + 10
    while psutil.pid_exists(child) and time.monotonic() < until:
        time.sleep(0.02)
    assert not psutil.pid_exists(child)


def test_the_child_imports_little() -> None:
    code = (
        "import sys, capture.decoder.video, capture.decoder.audio, capture.decoder.probe; print(*sorted(sys.modules))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "av" in out
    assert not {"pydantic", "cv2", "scipy", "psutil"} & set(out)
    assert [name for name in out if name.startswith("timeline.")] == ["timeline.lazy"]


def test_memory_does_not_grow(tmp_path: Path, children: list[Child]) -> None:
    path = make.clip(tmp_path / "a.mp4", size=(640, 360), seconds=32, fps=25)
    rss: list[int] = []
    for count, _ in enumerate(VideoFile(path)):
        if count in (300, 780):
            rss.append(psutil.Process().memory_info().rss + psutil.Process(children[-1].pid).memory_info().rss)
    assert rss[1] - rss[0] < 8 << 20


def test_the_input_is_never_changed(tmp_path: Path) -> None:
    path = make.clip(tmp_path / "a.mp4", sar=Fraction(4, 3))
    os.utime(path, (1_000_000_000, 1_000_000_000))
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    list(VideoFile(path))
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before
    assert path.stat().st_mtime == 1_000_000_000


def test_transfer_costs_little(tmp_path: Path) -> None:
    """The parent's share for 720p stays far under 4 ms of CPU a picture."""
    path = make.clip(tmp_path / "a.mp4", size=(1280, 720), seconds=4)
    info = probe(path)
    before = time.process_time()
    count = sum(1 for _ in VideoFile(path, info))
    assert (time.process_time() - before) / count < 0.004
