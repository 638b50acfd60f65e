"""Where the samples of an MP4 track lie, and which bytes none of them covers."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from sharing.gate.samples import sample_ranges, uncovered


@dataclass
class Box:
    start: int
    end: int


def tables(sizes: list[list[int]], offsets: list[int], wide: bool) -> tuple[io.BytesIO, dict[bytes, Box]]:
    """The sample tables of chunks with samples of ``sizes`` bytes at ``offsets``."""
    flat = [size for chunk in sizes for size in chunk]
    contents = {
        b"stsz": struct.pack(">III", 0, 0, len(flat)) + b"".join(struct.pack(">I", s) for s in flat),
        b"stsc": struct.pack(">II", 0, len(sizes))
        + b"".join(struct.pack(">III", number, len(chunk), 1) for number, chunk in enumerate(sizes, 1)),
        b"co64" if wide else b"stco": struct.pack(">II", 0, len(offsets))
        + b"".join(struct.pack(">Q" if wide else ">I", o) for o in offsets),
    }
    file, boxes = io.BytesIO(), {}
    for kind, content in contents.items():
        boxes[kind] = Box(file.tell(), file.tell() + len(content))
        file.write(content)
    return file, boxes


chunks = st.lists(st.lists(st.integers(1, 500), min_size=1, max_size=4), min_size=1, max_size=5)


@given(sizes=chunks, gap=st.integers(0, 50), wide=st.booleans())
def test_samples_lie_one_behind_the_other_in_their_chunk(sizes: list[list[int]], gap: int, wide: bool) -> None:
    offsets, at = [], 1000
    for chunk in sizes:
        offsets.append(at)
        at += sum(chunk) + gap
    starts, ends = sample_ranges(*tables(sizes, offsets, wide))
    expected = []
    for offset, chunk in zip(offsets, sizes, strict=True):
        for size in chunk:
            expected.append((offset, offset + size))
            offset += size
    assert list(zip(starts.tolist(), ends.tolist(), strict=True)) == expected


ranges = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda p: (min(p), max(p))), max_size=6)


@given(start=st.integers(0, 30), length=st.integers(0, 30), ranges=ranges)
def test_uncovered_bytes_are_those_in_no_range(start: int, length: int, ranges: list[tuple[int, int]]) -> None:
    parts = uncovered(start, start + length, ranges)
    bare = {i for i in range(start, start + length) if not any(low <= i < high for low, high in ranges)}
    assert {i for low, high in parts for i in range(low, high)} == bare
