"""The window's process: it takes the newest picture, ends with its input, and says when there is no window."""

from __future__ import annotations

import io
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discreet.live.preview_window import HEAD, LIMIT, NO_WINDOW, LatestFrame

PIXEL = b"\x01\x02\x03"


def sent(width: int, height: int) -> bytes:
    return HEAD.pack(width, height) + PIXEL * (width * height)


class Asks(io.BytesIO):
    """Takes the newest picture each time that the next one begins to be read."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.taken: list[bytes | None] = []
        self.frame = LatestFrame(self)

    def read(self, size: int | None = -1) -> bytes:
        if size == HEAD.size:
            self.taken.append(self.frame.take())
        return super().read(size)


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), max_size=5))
def test_each_picture_is_taken_once_and_the_end_is_told(sizes: list[tuple[int, int]]) -> None:
    stream = Asks(b"".join(sent(*size) for size in sizes))
    stream.frame.read()
    pictures = [b"P6 %d %d 255\n" % size + PIXEL * (size[0] * size[1]) for size in sizes]
    assert stream.taken == [b"", *pictures]
    assert stream.frame.take() is None


def test_between_pictures_there_is_nothing_new() -> None:
    stream = Asks(sent(2, 1) + sent(1, 1))
    assert stream.frame.take() == b""
    stream.frame.read()
    assert stream.frame.take() is None, "and it stays so"
    assert stream.frame.take() is None


@pytest.mark.parametrize(
    "content",
    [b"", b"\0\0", sent(2, 2)[:-1], HEAD.pack(0, 5), HEAD.pack(5, 0), HEAD.pack(LIMIT + 1, 1) + PIXEL * (LIMIT + 1)],
    ids=["nothing", "half a size", "half a picture", "no width", "no height", "too wide"],
)
def test_whatever_is_no_picture_ends_it(content: bytes) -> None:
    frame = LatestFrame(io.BytesIO(content))
    frame.read()
    assert frame.take() is None


def test_without_a_display_it_says_so_in_one_line() -> None:
    without = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    done = subprocess.run(
        [sys.executable, "-m", "discreet.live.preview_window", "Title"],
        env=without,
        input=b"",
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (NO_WINDOW, b"")
    assert len(done.stderr.decode().strip().splitlines()) == 1
