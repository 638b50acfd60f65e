"""The preview: it shows what has been written, never makes anybody wait, and its loss costs nothing."""

from __future__ import annotations

import shutil
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.sources import Image
from discreet.live.preview import WIDTH, Preview, fitted
from timeline import DeviceError, ExitCode

READY = "import sys, time; print('ready', flush=True); "


def window(code: str) -> list[str]:
    return [sys.executable, "-c", READY + code]


def until(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()


def plain(height: int, width: int, bgr: tuple[int, int, int]) -> Image:
    return np.full((height, width, 3), bgr, np.uint8)


@given(st.integers(1, 400), st.integers(1, 2000))
def test_a_picture_is_made_to_fit_and_keeps_its_shape_and_its_colours(height: int, width: int) -> None:
    small = fitted(plain(height, width, (10, 20, 30)))
    assert small.shape[1] == min(width, WIDTH)
    assert abs(small.shape[0] - height * small.shape[1] / width) <= 1
    assert (small == (30, 20, 10)).all()


def test_pictures_reach_the_window_in_its_format(tmp_path: Path) -> None:
    got = tmp_path / "got"
    with Preview(window(f"open({str(got)!r}, 'wb').write(sys.stdin.buffer.read())")) as preview:
        preview.show(plain(2, 3, (1, 2, 3)))
        assert until(lambda: preview._newest is None)
    assert got.read_bytes() == struct.pack("!II", 3, 2) + bytes([3, 2, 1]) * 6


def test_a_window_that_takes_nothing_makes_nobody_wait_and_keeps_one_picture_at_most() -> None:
    preview = Preview(window("time.sleep(600)"))
    picture = plain(720, 1280, (0, 0, 0))
    for _ in range(300):
        preview.show(picture)
    assert preview.open, "whoever waits for the window goes on only after its end"
    preview.close()
    assert not preview.open
    assert preview._child.returncode < 0, "it was ended, not waited for"


def test_a_window_that_was_closed_is_only_noticed() -> None:
    preview = Preview(window("sys.stdin.close()"))
    assert until(lambda: not preview.open)
    for _ in range(3):
        preview.show(plain(4, 4, (0, 0, 0)))
        time.sleep(0.1)
    preview.close()
    preview.close()


def test_no_screen_is_said_in_one_line() -> None:
    with pytest.raises(DeviceError, match="no window can be opened: no display name") as caught:
        Preview([sys.executable, "-c", "import sys; sys.exit('trouble\\nno display name and no $DISPLAY')"])
    assert "--preview" in caught.value.remedy
    assert caught.value.exit_code == ExitCode.DEVICE


@pytest.fixture
def screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A screen in memory; gives the file with its contents."""
    pytest.importorskip("tkinter", reason="this Python has no tkinter")
    server = shutil.which("Xvfb")
    if server is None:
        pytest.skip("no Xvfb: apt-get install xvfb")
    process = subprocess.Popen(
        [server, "-displayfd", "1", "-screen", "0", "400x300x24", "-fbdir", str(tmp_path), "-nolisten", "tcp"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    number = process.stdout.readline().strip().decode()
    monkeypatch.setenv("DISPLAY", f":{number}")
    yield tmp_path / "Xvfb_screen0"
    process.kill()
    process.wait()
    process.stdout.close()


def pixels(screen: Path) -> Image:
    """The screen's contents, BGR, from its X window dump."""
    data = screen.read_bytes()
    head = struct.unpack("!25I", data[:100])
    height, stride, colours = head[5], head[12], head[19]
    rows = np.frombuffer(data, np.uint8, height * stride, head[0] + 12 * colours).reshape(height, stride)
    return np.ascontiguousarray(rows[:, : 4 * head[4]].reshape(height, head[4], 4)[:, :, :3])


def test_the_window_shows_the_newest_picture_and_goes_with_its_input(screen: Path) -> None:
    colours = [(250, 10, 20), (10, 250, 20)]

    def shown(colour: tuple[int, int, int]) -> int:
        return int((pixels(screen) == colour).all(axis=2).sum())

    with Preview() as preview:
        for colour in colours:
            preview.show(plain(120, 160, colour))
            assert until(lambda colour=colour: shown(colour) >= 120 * 160)
        assert shown(colours[0]) == 0
        assert preview.open
    assert until(lambda: shown(colours[1]) == 0)
