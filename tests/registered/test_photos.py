"""Photos from outside that ask for a lot are refused with a clear line, in bounded memory and time."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np

from registered.decode_photo import MAX_PIXELS
from registered.enrolment_problems import Problem
from registered.photos import read_photo


def png(path: Path, width: int, height: int) -> Path:
    """A black picture, some hundred kB small whatever its size."""
    pack = zlib.compressobj(9)
    row = bytes(1 + width // 8)
    data = b"".join([*(pack.compress(row) for _ in range(height)), pack.flush()])

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b""))
    return path


def test_a_picture_of_144_megapixels_is_refused_and_says_why(tmp_path: Path) -> None:
    found = read_photo(png(tmp_path / "bomb.png", 12000, 12000))
    assert isinstance(found, Problem)
    assert "megapixels" in str(found)
    assert MAX_PIXELS < 12000 * 12000


def test_an_ordinary_picture_of_the_same_kind_is_read(tmp_path: Path) -> None:
    found = read_photo(png(tmp_path / "small.png", 800, 600))
    assert isinstance(found, np.ndarray)
    assert found.shape == (600, 800, 3)


def test_a_picture_that_takes_too_long_is_refused(tmp_path: Path) -> None:
    found = read_photo(png(tmp_path / "a.png", 800, 600), timeout=0.0)
    assert isinstance(found, Problem)
    assert "within 0 s" in str(found)
