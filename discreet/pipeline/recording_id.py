"""The random id that the live recorder writes into the comment tag of a recording, MP4 or AVI."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import BinaryIO

from capture import top_level_boxes

COMMENT = "discreet recording "
_TAG = re.compile(rb"discreet recording ([0-9a-f]{32})")
_MOST = 1 << 26


def comment(id: str) -> str:
    """The comment tag of the recording ``id`` (32 hex digits)."""
    return COMMENT + id


def recording_id(path: Path) -> str:
    """The id in the file's comment tag; empty if the recorder did not make the file."""
    try:
        with path.open("rb") as file:
            head = file.read(12)
            riff = head[:4] == b"RIFF" and head[8:] == b"AVI "
            found = _TAG.search(_avi_info(file) if riff else _moov(file, path))
    except OSError:
        return ""
    return found.group(1).decode() if found else ""


def _moov(file: BinaryIO, path: Path) -> bytes:
    """The part of an MP4 that holds its tags; empty without one."""
    for kind, start, end in top_level_boxes(path):
        if kind == b"moov" and end - start < _MOST:
            file.seek(start)
            return file.read(end - start)
    return b""


def _avi_info(file: BinaryIO) -> bytes:
    """The list of an AVI's tags, which stands before its pictures; empty without one. ``file`` is behind its head."""
    while len(head := file.read(8)) == 8:
        kind, length = head[:4], int.from_bytes(head[4:], "little")
        inside = file.read(4) if kind == b"LIST" and length >= 4 else b""
        if inside == b"movi" or length >= _MOST:
            break
        if inside == b"INFO":
            return file.read(length - 4)
        file.seek(length - len(inside) + length % 2, os.SEEK_CUR)
    return b""
