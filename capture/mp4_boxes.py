"""The top-level structure of an MP4 file: enough to tell whether the file is complete."""

from __future__ import annotations

import struct
from pathlib import Path

_MOST = 1_000_000


def top_level_boxes(path: Path) -> list[tuple[bytes, int, int]]:
    """The top-level boxes as ``(kind, start, end)``; the last end lies beyond the file's end if the file was cut."""
    size, at = path.stat().st_size, 0
    found: list[tuple[bytes, int, int]] = []
    with path.open("rb") as file:
        while at + 8 <= size and len(found) < _MOST:
            file.seek(at)
            head = file.read(16)
            length, kind = struct.unpack(">I4s", head[:8])
            if length == 1 and len(head) == 16:
                (length,) = struct.unpack(">Q", head[8:])
            elif length == 0:
                length = size - at
            if length < 8 or not all(32 <= c < 127 for c in kind):
                break
            found.append((kind, at, at + length))
            at += length
    return found


def is_cut(path: Path) -> bool:
    """Whether this is an MP4 whose last box reaches beyond the end of the file."""
    parts = top_level_boxes(path)
    return bool(parts) and parts[0][0] in (b"ftyp", b"moov", b"styp") and parts[-1][2] > path.stat().st_size


def is_whole(path: Path) -> bool:
    """Whether the boxes fill the file exactly and include the index."""
    parts = top_level_boxes(path)
    return {b"ftyp", b"moov", b"mdat"} <= {kind for kind, _, _ in parts} and parts[-1][2] == path.stat().st_size
