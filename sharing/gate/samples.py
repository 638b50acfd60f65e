"""Finds where the samples of an MP4 track lie in the file, from its sample tables (ISO/IEC 14496-12, section 8.7)."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from typing import BinaryIO, Protocol

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


class HasRange(Protocol):
    """A box: where its content lies (byte offsets)."""

    @property
    def start(self) -> int:
        """First byte of the content."""
        ...

    @property
    def end(self) -> int:
        """One beyond the last byte of the content."""
        ...


def sample_ranges(file: BinaryIO, tables: Mapping[bytes, HasRange]) -> tuple[Ints, Ints]:
    """Start and end of every sample of a track in the file, each ``[n]`` int64 (byte offsets), in order.

    Args:
        file: the MP4 file.
        tables: the boxes ``stsz``, ``stsc`` and ``stco`` or ``co64`` of one track, by kind.
    """
    sizes = _sample_sizes(_read(file, tables[b"stsz"]))
    wide = b"co64" in tables
    offsets = _numbers(_read(file, tables[b"co64" if wide else b"stco"])[8:], ">u8" if wide else ">u4")
    per_chunk = _samples_per_chunk(_read(file, tables[b"stsc"]), len(offsets))
    chunk = np.repeat(np.arange(len(offsets)), per_chunk)[: len(sizes)]
    sizes = sizes[: len(chunk)]
    ends = np.cumsum(sizes)
    first = np.searchsorted(chunk, np.arange(len(offsets)))  # the first sample of each chunk
    before = np.concatenate([[0], ends])[first]
    starts = offsets[chunk] + (ends - sizes) - before[chunk]
    return starts, starts + sizes


def _sample_sizes(content: bytes) -> Ints:
    if len(content) < 12:
        return np.zeros(0, np.int64)
    same, count = struct.unpack(">II", content[4:12])
    if same:
        # Limits a count that no file can hold: all samples together stay under 2 GiB.
        return np.full(min(count, (1 << 31) // same), same, np.int64)
    return _numbers(content[12:], ">u4")[:count]


def _samples_per_chunk(content: bytes, chunks: int) -> Ints:
    rows = _numbers(content[8:], ">u4")
    rows = rows[: len(rows) // 3 * 3].reshape(-1, 3)
    out = np.zeros(chunks, np.int64)
    for first, per_chunk, _ in rows:
        out[max(0, int(first) - 1) :] = min(int(per_chunk), 1 << 20)
    return out


def _read(file: BinaryIO, box: HasRange) -> bytes:
    file.seek(box.start)
    return file.read(box.end - box.start)


def _numbers(content: bytes, kind: str) -> Ints:
    width = np.dtype(kind).itemsize
    return np.frombuffer(content[: len(content) // width * width], kind).astype(np.int64)


def uncovered(start: int, end: int, ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The parts of ``start`` to ``end`` that no range covers."""
    out, at = [], start
    for low, high in sorted(ranges):
        if low >= end:
            break
        if low > at:
            out.append((at, low))
        at = max(at, high)
    if at < end:
        out.append((at, end))
    return out
