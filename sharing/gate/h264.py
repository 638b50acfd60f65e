"""Checks H.264 samples unit by unit (ITU-T H.264, sections 7.3 and D.1): only what decoding needs may be there.

"Supplemental enhancement information" may hold any text. Only the encoder's own line and numeric messages pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

PICTURE_UNITS = {1, 5, 7, 8, 9}
"""Unit types without free text: slices, parameter sets, delimiters."""
SEI_UNIT = 6
NUMBERS = {0, 1, 6}
"""Message types that hold numbers: buffering period, picture timing, recovery point."""
USER_DATA = 5
ENCODER = bytes.fromhex("dc45e9bde6d948b7962cd820d923eeef")
"""The identifier under which x264 writes its version and options."""
ENCODER_LINE = re.compile(
    rb"x264 - core \d+(?: r\d+ [0-9a-f]+)? - H\.264/MPEG-4 AVC codec - Copyleft 2003-20\d\d"
    rb" - http://www\.videolan\.org/x264\.html - options:(?: [a-z0-9_-]+=[0-9a-zA-Z:.,+-]{1,24})*\0*"
)


def unknown_units(sample: bytes, length_bytes: int = 4) -> Iterator[str]:
    """Parts that do not belong in a sample, as short names such as "SEI message 4".

    Args:
        sample: one sample as MP4 holds it: units, each after its length.
        length_bytes: number of bytes in a length.
    """
    at = 0
    while at < len(sample):
        size = int.from_bytes(sample[at : at + length_bytes], "big")
        unit = sample[at + length_bytes : at + length_bytes + size]
        at += length_bytes + size
        if at > len(sample) or not unit:
            yield "a unit that does not fit"
            return
        kind = unit[0] & 0x1F
        if kind == SEI_UNIT:
            yield from _unknown_messages(unit[1:].replace(b"\0\0\3", b"\0\0"))
        elif kind not in PICTURE_UNITS:
            yield f"unit type {kind}"


def _unknown_messages(content: bytes) -> Iterator[str]:
    at = 0
    while at < len(content) and content[at:] != b"\x80":
        kind, at = _number(content, at)
        size, at = _number(content, at)
        message = content[at : at + size]
        at += size
        if len(message) < size:
            yield "an SEI message that does not fit"
            return
        ours = kind == USER_DATA and message.startswith(ENCODER) and ENCODER_LINE.fullmatch(message[len(ENCODER) :])
        if kind not in NUMBERS and not ours:
            yield f"SEI message {kind}"


def _number(content: bytes, at: int) -> tuple[int, int]:
    """Read a type or size, coded as bytes of 255 and a smaller one; returns it and the next position."""
    value = 0
    while at < len(content) and content[at] == 255:
        value, at = value + 255, at + 1
    return value + (content[at] if at < len(content) else 0), at + 1
