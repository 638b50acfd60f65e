"""Checks JPEG and PNG files part by part: only the picture, without EXIF, comments or trailing bytes."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from sharing.gate.finding import Finding

PNG = b"\x89PNG\r\n\x1a\n"
PNG_CHUNKS = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"sRGB", b"gAMA", b"cHRM", b"pHYs", b"bKGD"}
JPEG_MARKERS = {0xDB, 0xC4, 0xC0, 0xC1, 0xC2, 0xDA, 0xDD}
"""Tables, frame headers, scan, restart interval. The JFIF marker (E0) is checked separately."""
_REMEDY = "save the picture anew without metadata"


def check_image(path: Path, name: str) -> list[Finding]:
    """What must not leave in the picture ``path``, which findings call ``name``.

    Raises:
        OSError: the file cannot be read.
    """
    return check_picture(path.read_bytes(), name)


def check_picture(data: bytes, name: str, where: str = "") -> list[Finding]:
    """What must not leave in the bytes of a picture inside the file ``name``; ``where`` says where in it."""
    parts = _png(data) if data.startswith(PNG) else _jpeg(data)
    return [Finding(kind="metadata", file=name, place=where + p, reason=reason, remedy=_REMEDY) for p, reason in parts]


def _png(data: bytes) -> Iterator[tuple[str, str]]:
    at = len(PNG)
    while at + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        if kind not in PNG_CHUNKS:
            yield f"chunk {kind.decode('latin-1')!r} at byte {at}", "a chunk that showing does not need"
        at += 12 + length
        if kind == b"IEND":
            break
    if at != len(data):
        yield f"byte {min(at, len(data))}", "bytes behind the end of the picture, or a cut picture"


def _jpeg(data: bytes) -> Iterator[tuple[str, str]]:
    if not data.startswith(b"\xff\xd8"):
        yield "byte 0", "neither JPEG nor PNG"
        return
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            yield f"byte {at}", "bytes that belong to no part of the picture"
            return
        marker = data[at + 1]
        if marker == 0xD9:
            break
        (length,) = struct.unpack(">H", data[at + 2 : at + 4])
        jfif = marker == 0xE0 and data[at + 4 : at + 9] == b"JFIF\0" and length == 16
        if marker not in JPEG_MARKERS and not jfif:
            yield f"marker {marker:02X} at byte {at}", "a part that showing does not need"
        at += 2 + length
        if marker == 0xDA:
            at = _end_of_scan(data, at)
    if data[at:] != b"\xff\xd9":
        yield f"byte {at}", "bytes behind the end of the picture, or a cut picture"


def _end_of_scan(data: bytes, at: int) -> int:
    """The position of the next marker that is neither a stuffed byte nor a restart."""
    while (at := data.find(b"\xff", at)) >= 0:
        follows = data[at + 1 : at + 2]
        if follows and follows[0] != 0 and not 0xD0 <= follows[0] <= 0xD7:
            return at
        at += 2
    return len(data)
