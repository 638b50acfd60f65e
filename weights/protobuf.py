"""The wire format of Protocol Buffers, as far as reading and rewriting an ONNX file needs it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
Rewrite = Callable[[bytes], bytes | None]


def rewritten(message: bytes, rewrite: Mapping[int, Rewrite]) -> bytes:
    """``message`` with the fields in ``rewrite`` replaced, or removed where the function returns None."""
    out, last = [], 0
    for number, start, inside, end in _spans(message):
        if number in rewrite and inside is not None:
            value = rewrite[number](message[inside:end])
            out.append(message[last:start])
            if value is not None:
                out.append(encoded(number, value))
            last = end
    out.append(message[last:])
    return b"".join(out)


def content(message: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and content of every field that holds bytes: a text, or another message."""
    for number, _, inside, end in _spans(message):
        if inside is not None:
            yield number, message[inside:end]


def numbers(message: bytes, field: int) -> list[int]:
    """The numbers in field ``field``, one or many, packed or not; as they are written, without a sign."""
    out: list[int] = []
    for number, start, inside, end in _spans(message):
        if number == field:
            at = _varint(message, start)[1] if inside is None else inside
            while at < end:
                value, at = _varint(message, at)
                out.append(value)
    return out


def _spans(message: bytes) -> Iterator[tuple[int, int, int | None, int]]:
    """Field number, start, start of the content (None for plain numbers) and end of every field."""
    at = 0
    while at < len(message):
        start = at
        key, at = _varint(message, at)
        kind, inside = key & 7, None
        if kind == VARINT:
            _, at = _varint(message, at)
        elif kind == FIXED64:
            at += 8
        elif kind == FIXED32:
            at += 4
        elif kind == BYTES:
            length, inside = _varint(message, at)
            at = inside + length
        else:
            raise ValueError(f"not an ONNX file: wire type {kind}")
        if at > len(message):
            raise ValueError("not an ONNX file: it breaks off")
        yield key >> 3, start, inside, at


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """A number, and the position after it."""
    value = shift = 0
    while at < len(message) and shift < 64:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
    raise ValueError("not an ONNX file: it breaks off")


def encoded(number: int, value: bytes) -> bytes:
    """A field that holds bytes."""
    return _plain(number << 3 | BYTES) + _plain(len(value)) + value


def number(field: int, value: int) -> bytes:
    """A field that holds a non-negative number."""
    return _plain(field << 3 | VARINT) + _plain(value)


def _plain(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
