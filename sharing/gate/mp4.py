"""Checks MP4 files box by box (ISO/IEC 14496-12): only boxes needed for playing may be there, and nothing between them.

A list of forbidden places would miss the next one. So the gate lists what may be there, and refuses the rest:
unknown boxes, free text in known ones, bytes outside all boxes, media data that no sample uses, and tracks beyond one
picture and one sound.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sharing.gate.finding import Finding, Kind
from sharing.gate.h264 import unknown_units
from sharing.gate.samples import Ints, sample_ranges, uncovered

CONTAINERS = {
    b"moov", b"trak", b"mdia", b"minf", b"stbl", b"dinf", b"edts", b"udta",
}  # fmt: skip
"""Boxes that hold boxes."""
PLAIN = {
    b"ftyp", b"mdat", b"mvhd", b"tkhd", b"elst", b"mdhd", b"vmhd", b"smhd", b"dref", b"stts", b"stss", b"ctts",
    b"stsc", b"stsz", b"stco", b"co64", b"sgpd", b"sbgp", b"sdtp",
}  # fmt: skip
"""Boxes of numbers, which have no place for text."""
CHECKED = {b"free", b"skip", b"hdlr", b"meta", b"stsd"}
"""Boxes that may hold text; their content is checked."""
HANDLERS = {b"vide": b"VideoHandler", b"soun": b"SoundHandler"}
"""Kinds of tracks that may be there, and the name the muxer gives each."""
CODECS = {b"vide": b"avc1", b"soun": b"mp4a"}
TABLES = {b"hdlr", b"stsd", b"stsc", b"stsz"}
NOTES = {b"\xa9too": re.compile(rb"Lavf\d{1,3}\.\d{1,3}\.\d{1,3}"), b"\xa9cmt": re.compile(rb"discreet")}
"""The accepted metadata: the name and version of the muxer, and the mark of results of Discreet."""
CREDENTIALS = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
"""The identifier of a ``uuid`` box with content credentials."""
DEEPEST = 12
"""Deepest nesting of boxes. Our files have six levels; more is an attack on the reader."""
_REMEDY = "make the file anew with discreet process"


@dataclass(frozen=True, slots=True)
class Box:
    """One box: its kind, the path of kinds to it, and where its content lies in the file (byte offsets)."""

    kind: bytes
    path: str
    start: int
    end: int

    @property
    def size(self) -> int:
        """Bytes of content."""
        return self.end - self.start


class Mp4Error(Exception):
    """The boxes do not fit into each other; ``place`` says where."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place


def walk(file: BinaryIO, start: int, end: int, path: str = "", depth: int = 0) -> Iterator[Box]:
    """Every box between two offsets, containers before their content.

    Raises:
        Mp4Error: a box is cut, extends beyond its container, or leaves bytes unused.
    """
    if depth > DEEPEST:
        raise Mp4Error(f"{path} (nested {depth} deep)")
    at = start
    while at < end:
        file.seek(at)
        head = file.read(16)
        if end - at < 8 or len(head) < 8:
            raise Mp4Error(f"byte {at} (bytes that belong to no box)")
        size, kind = struct.unpack(">I4s", head[:8])
        body = at + 8
        if size == 1 and len(head) == 16:
            (size,) = struct.unpack(">Q", head[8:])
            body = at + 16
        here = f"{path}/{_name(kind)}" if path else _name(kind)
        if at + size > end or size < body - at:
            raise Mp4Error(f"byte {at} ({here} does not fit)")
        yield Box(kind, here, body, at + size)
        if kind in CONTAINERS:
            yield from walk(file, body, at + size, here, depth + 1)
        at += size


def _name(kind: bytes) -> str:
    return kind.decode("latin-1") if kind.isalnum() else kind.hex()


def check_mp4(path: Path, name: str, *, credentials: bool = False) -> list[Finding]:
    """What must not leave in the MP4 file ``path``, which findings call ``name``.

    With ``credentials``, one box of content credentials (C2PA) may be in it.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        size = file.seek(0, 2)
        try:
            boxes = list(walk(file, 0, size))
        except Mp4Error as error:
            return [_found(name, error.place, "container", "the boxes of the file do not fit together")]
        signed = [box for box in boxes if credentials and _is_credentials(file, box)]
        plain = [box for box in boxes if box not in signed[:1]]
        return [*_boxes(file, plain, name), *_tracks(file, plain, name)]


def _is_credentials(file: BinaryIO, box: Box) -> bool:
    """Whether a box at the top holds content credentials (C2PA 2, section A.5: ``uuid`` with an identifier)."""
    return box.path == "uuid" and _content(file, box, len(CREDENTIALS))[: len(CREDENTIALS)] == CREDENTIALS


def _found(name: str, place: str, kind: Kind, reason: str) -> Finding:
    return Finding(kind=kind, file=name, place=place, reason=reason, remedy=_REMEDY)


def _boxes(file: BinaryIO, boxes: list[Box], name: str) -> Iterator[Finding]:
    for box in boxes:
        place = f"{box.path} at byte {box.start}"
        if box.kind not in CONTAINERS | PLAIN | CHECKED:
            yield _found(name, place, "metadata", "a box that playing does not need")
        elif box.kind in (b"free", b"skip") and box.size:
            yield _found(name, place, "metadata", "a free box with content")
        elif box.kind == b"hdlr" and not _handler_is_plain(_content(file, box)):
            yield _found(name, place, "metadata", "the name of a handler is not the muxer's own")
        elif box.kind == b"meta" and not _known_notes_only(_content(file, box)):
            yield _found(name, place, "metadata", "metadata other than the name of the muxer")
        elif box.kind == b"udta" and [b.kind for b in boxes if b.path.startswith(box.path + "/")] not in (
            [b"meta"],
            [],
        ):
            yield _found(name, place, "metadata", "user data other than the name of the muxer")


def _content(file: BinaryIO, box: Box, most: int = 1 << 16) -> bytes:
    file.seek(box.start)
    return file.read(min(box.size, most + 1))


def _handler_is_plain(content: bytes) -> bool:
    kind, text = content[8:12], content[24:]
    return kind in HANDLERS and text in (HANDLERS[kind] + b"\0", b"\0", b"")


_ITUNES = b"\0\0\0\0" + b"\0\0\0\x21hdlr" + bytes(8) + b"mdirappl" + bytes(9)


def _known_notes_only(content: bytes) -> bool:
    """Whether an iTunes-style ``meta`` box holds notes of :data:`NOTES` and nothing else."""
    rest = content[len(_ITUNES) :]
    if not content.startswith(_ITUNES) or len(rest) < 8 or rest[:8] != struct.pack(">I4s", len(rest), b"ilst"):
        return False
    at = 8
    while at < len(rest):
        (size,) = struct.unpack(">I", rest[at : at + 4].ljust(4, b"\0"))
        note = rest[at : at + size]
        if size < 24 or len(note) < size or not _known_note(note):
            return False
        at += size
    return True


def _known_note(note: bytes) -> bool:
    key, data = note[4:8], note[8:]
    head = struct.pack(">I4sII", len(data), b"data", 1, 0)  # 1: UTF-8 text; 0: no locale
    return key in NOTES and data.startswith(head) and NOTES[key].fullmatch(data[len(head) :]) is not None


def _tracks(file: BinaryIO, boxes: list[Box], name: str) -> Iterator[Finding]:
    """Findings unless there are at most one picture and one sound, of known codecs, using all of the media data."""
    seen: list[bytes] = []
    used: list[tuple[int, int]] = []
    for track in (box for box in boxes if box.path == "moov/trak"):
        inside = {b.kind: b for b in boxes if track.start <= b.start and b.end <= track.end}
        place = f"track {len(seen) + 1}"
        if not inside.keys() >= TABLES or not inside.keys() & {b"stco", b"co64"}:
            yield _found(name, place, "container", "a track without a table that it needs")
            return
        kind = _content(file, inside[b"hdlr"])[8:12]
        if kind not in HANDLERS or kind in seen:
            yield _found(name, place, "container", "a track beyond one picture and one sound")
        elif _content(file, inside[b"stsd"])[12:16] != CODECS[kind]:
            yield _found(name, place, "container", "a codec that results do not have")
        starts, ends = sample_ranges(file, inside)
        if kind == b"vide":
            yield from _pictures(file, name, starts, ends)
        seen.append(kind)
        used += zip(starts.tolist(), ends.tolist(), strict=True)
    used.sort()
    for media in (box for box in boxes if box.kind == b"mdat"):
        for start, end in uncovered(media.start, media.end, used):
            yield _found(name, f"mdat, bytes {start} to {end}", "container", "media data that no track uses")


def _pictures(file: BinaryIO, name: str, starts: Ints, ends: Ints) -> Iterator[Finding]:
    for number, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        file.seek(start)
        for unit in unknown_units(file.read(end - start)):
            yield _found(name, f"picture {number}", "metadata", f"{unit}: not part of the picture")
