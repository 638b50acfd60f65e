"""Checks WAV files chunk by chunk (RIFF): a format and the samples, and nothing beside or after them."""

from __future__ import annotations

import struct
from pathlib import Path

from sharing.gate.finding import Finding

ALLOWED = {b"fmt ", b"data", b"fact"}
CREDENTIALS = b"C2PA"
_REMEDY = "make the file anew with discreet redact"


def check_wav(path: Path, name: str, *, credentials: bool = False) -> list[Finding]:
    """What must not leave in the WAV file ``path``, which findings call ``name``.

    With ``credentials``, one chunk of content credentials (C2PA) may be in it.

    Raises:
        OSError: the file cannot be read.
    """
    size = path.stat().st_size
    allowed = ALLOWED | ({CREDENTIALS} if credentials else set())
    found: list[Finding] = []

    def refuse(place: str, reason: str, *, metadata: bool = False) -> None:
        kind = "metadata" if metadata else "container"
        found.append(Finding(kind=kind, file=name, place=place, reason=reason, remedy=_REMEDY))

    with path.open("rb") as file:
        head = file.read(12)
        if len(head) < 12 or head[:4] != b"RIFF" or head[8:] != b"WAVE":
            refuse("byte 0", "not a WAV file")
            return found
        end = 8 + struct.unpack("<I", head[4:8])[0]
        if end < size:
            refuse(f"byte {end}", "bytes behind the end of the sound")
        at, seen = 12, set()
        while at < min(end, size):
            file.seek(at)
            kind, length = struct.unpack("<4sI", file.read(8).ljust(8, b"\0"))
            if at + 8 + length > size:
                refuse(f"byte {at}", "a chunk that does not fit")
                break
            if kind not in allowed or kind in seen:
                refuse(
                    f"chunk {kind.decode('latin-1')!r} at byte {at}",
                    "a chunk that playing does not need",
                    metadata=True,
                )
            seen.add(kind)
            at += 8 + length + length % 2
    return found
