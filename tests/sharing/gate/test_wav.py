"""A WAV file may hold a format and samples, and nothing beside or behind them."""

from __future__ import annotations

import struct
import wave
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.gate.wav import check_wav


def sound(path: Path) -> bytes:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes(bytes(320))
    return path.read_bytes()


def with_chunk(data: bytes, kind: bytes, content: bytes) -> bytes:
    """``data`` with one more chunk, and a RIFF size that counts it."""
    data += kind + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
    return data[:4] + struct.pack("<I", len(data) - 8) + data[8:]


def test_a_plain_file_passes(tmp_path: Path) -> None:
    path = tmp_path / "safe.wav"
    sound(path)
    assert check_wav(path, "safe.wav") == []


@given(kind=st.sampled_from([b"LIST", b"id3 ", b"bext", b"junk", b"cue "]), content=st.binary(max_size=40))
def test_any_other_chunk_is_named_with_its_place(tmp_path_factory, kind: bytes, content: bytes) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path_factory.mktemp("wav") / "safe.wav"
    data = sound(path)
    path.write_bytes(with_chunk(data, kind, content))
    [finding] = check_wav(path, "safe.wav")
    assert finding.kind == "metadata"
    assert f"at byte {len(data)}" in finding.place
    assert kind.decode() in finding.place


@given(tail=st.binary(min_size=1, max_size=40))
def test_bytes_behind_the_end_are_found(tmp_path_factory, tail: bytes) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path_factory.mktemp("wav") / "safe.wav"
    data = sound(path)
    path.write_bytes(data + tail)
    assert [f.place for f in check_wav(path, "safe.wav")] == [f"byte {len(data)}"]


def test_a_second_format_chunk_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "safe.wav"
    path.write_bytes(with_chunk(sound(path), b"fmt ", b"a name in here!!"))
    assert len(check_wav(path, "safe.wav")) == 1


@pytest.mark.parametrize("data", [b"", b"RIFF", b"MP3" * 9, b"RIFX" + bytes(20)])
def test_what_is_not_a_wav_file_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "safe.wav"
    path.write_bytes(data)
    assert [f.reason for f in check_wav(path, "safe.wav")] == ["not a WAV file"]


def test_a_chunk_longer_than_the_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "safe.wav"
    data = bytearray(sound(path))
    data[40:44] = struct.pack("<I", 1 << 20)
    path.write_bytes(data)
    assert any(f.reason == "a chunk that does not fit" for f in check_wav(path, "safe.wav"))
