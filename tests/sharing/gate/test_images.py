"""A picture may hold what showing it needs: no EXIF, no comment, no trailing bytes."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.gate.images import check_image

PICTURE = np.arange(32 * 32 * 3, dtype=np.uint8).reshape(32, 32, 3)


def encoded(ending: str) -> bytes:
    return bytes(cv2.imencode(ending, PICTURE)[1])


def found(folder: Path, data: bytes) -> list[str]:
    path = folder / "picture"
    path.write_bytes(data)
    return [finding.place for finding in check_image(path, "picture")]


@pytest.mark.parametrize("ending", [".png", ".jpg"])
def test_a_plain_picture_passes(tmp_path: Path, ending: str) -> None:
    assert found(tmp_path, encoded(ending)) == []


@given(text=st.binary(min_size=1, max_size=60))
def test_a_text_in_a_png_is_found(tmp_path_factory, text: bytes) -> None:  # type: ignore[no-untyped-def]
    data = encoded(".png")
    chunk = b"tEXt" + text
    planted = struct.pack(">I", len(text)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    places = found(tmp_path_factory.mktemp("png"), data[:33] + planted + data[33:])
    assert places == ["chunk 'tEXt' at byte 33"]


@given(text=st.binary(min_size=1, max_size=60), marker=st.sampled_from([0xE1, 0xE2, 0xED, 0xFE]))
def test_exif_and_comments_in_a_jpeg_are_found(tmp_path_factory, text: bytes, marker: int) -> None:  # type: ignore[no-untyped-def]
    data = encoded(".jpg")
    planted = bytes([0xFF, marker]) + struct.pack(">H", len(text) + 2) + text
    places = found(tmp_path_factory.mktemp("jpg"), data[:2] + planted + data[2:])
    assert places == [f"marker {marker:02X} at byte 2"]


@pytest.mark.parametrize("ending", [".png", ".jpg"])
@pytest.mark.parametrize("tail", [b"\0", b"a name", b"\xff\xd9"])
def test_bytes_behind_a_picture_are_found(tmp_path: Path, ending: str, tail: bytes) -> None:
    assert len(found(tmp_path, encoded(ending) + tail)) == 1


@pytest.mark.parametrize("ending", [".png", ".jpg"])
def test_a_picture_that_is_cut_off_is_refused(tmp_path: Path, ending: str) -> None:
    assert found(tmp_path, encoded(ending)[:-3])


def test_something_else_is_refused(tmp_path: Path) -> None:
    assert found(tmp_path, b"GIF89a") == ["byte 0"]
