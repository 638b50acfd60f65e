"""Network weights inside a WebAssembly module, read as data: the module is parsed and never run.

Opus compiles its networks into tables of ``WeightArray`` (``{name, type, size, data}``, four words of 32 bits each in
WebAssembly) that end with an empty name. The module's data section, placed in memory as the standard says (WebAssembly
Core Specification 1.0, 5.5.14), holds names, tables and arrays. In npm packages the module is a string of JavaScript:
deflated, then coded with yEnc.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from weights.errors import SourceError

MOST_BYTES = 64 << 20
"""Most bytes of a module, and of the memory that its data fills; anything larger is rejected."""
_MAGIC = b"\0asm\1\0\0\0"
_DATA_SECTION = 11
_I32_CONST, _END = 0x41, 0x0B
_ENTRY = struct.Struct("<IIII")
_TYPES: dict[int, np.dtype[Any]] = {0: np.dtype("<f4"), 1: np.dtype("<i4"), 2: np.dtype("i1"), 3: np.dtype("i1")}
_NAME = re.compile(rb"[a-z][a-z0-9_]{3,63}\0")
_STRING = re.compile(r"String\.raw`dynEncode01([0-9a-f]{2})[0-9a-f]{8}([^`]*)`", re.DOTALL)
"""The offset; a checksum that adds nothing to the archive's SHA-256; the module."""
_ESCAPE, _SHIFT = 0x3D, 64

Arrays = dict[str, npt.NDArray[Any]]


def module_in_script(script: bytes) -> bytes:
    """The WebAssembly module in a script of @wasm-audio-decoders.

    Raises:
        SourceError: there is none, or it is damaged.
    """
    try:
        found = _STRING.search(script.decode("utf-8"))
        if found is None:
            raise SourceError("the script holds no WebAssembly module")
        coded = found.group(2).encode("latin-1")
    except UnicodeError:
        raise SourceError("the script is damaged: it is not text") from None
    packed = _decoded(coded, int(found.group(1), 16))
    try:
        inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        module = inflate.decompress(packed, MOST_BYTES)
    except zlib.error as error:
        raise SourceError(f"the module in the script is damaged: {error}") from None
    if not inflate.eof:
        raise SourceError("the module in the script is cut off or too large")
    return module


def _decoded(coded: bytes, offset: int) -> bytes:
    """Decode yEnc with its own offset: a byte after ``=`` is 64 more than the original."""
    values = np.frombuffer(coded, np.uint8)
    marks = np.zeros(len(values), np.bool_)
    for at in np.flatnonzero(values == _ESCAPE):  # an escaped "=" is not a mark
        marks[at] = not (at and marks[at - 1])
    shift = np.full(len(values), offset, np.uint8)
    shift[1:][marks[:-1]] += np.uint8(_SHIFT)
    return (values - shift)[~marks].tobytes()


def memory_of(module: bytes) -> bytes:
    """The module's initial memory from address 0, as its data section fills it.

    Raises:
        SourceError: it is not a WebAssembly module, or is damaged.
    """
    if not module.startswith(_MAGIC):
        raise SourceError("it is not a WebAssembly module")
    memory = bytearray()
    try:
        for section, start, end in _sections(module):
            if section == _DATA_SECTION:
                for address, data in _segments(module, start, end):
                    if address + len(data) > MOST_BYTES:
                        raise SourceError("the WebAssembly module's data are too large")
                    memory.extend(bytes(max(0, address + len(data) - len(memory))))
                    memory[address : address + len(data)] = data
    except IndexError:
        raise SourceError("the WebAssembly module is cut off") from None
    return bytes(memory)


def _sections(module: bytes) -> Iterator[tuple[int, int, int]]:
    """``(id, start, end)`` of each section's content."""
    at = len(_MAGIC)
    while at < len(module):
        section = module[at]
        size, at = _number(module, at + 1)
        if at + size > len(module):
            raise IndexError
        yield section, at, at + size
        at += size


def _segments(module: bytes, at: int, end: int) -> Iterator[tuple[int, bytes]]:
    """``(address, data)`` of the segments placed at a constant address."""
    count, at = _number(module, at)
    for _ in range(count):
        kind, at = _number(module, at)
        address: int | None = None
        if kind == 2:
            _, at = _number(module, at)
        if kind != 1:
            if module[at] != _I32_CONST:
                raise SourceError("the WebAssembly module places its data in a way that Discreet does not know")
            address, at = _number(module, at + 1, signed=True)
            if module[at] != _END or address < 0:
                raise SourceError("the WebAssembly module places its data in a way that Discreet does not know")
            at += 1
        size, at = _number(module, at)
        if at + size > end:
            raise IndexError
        if address is not None:
            yield address, module[at : at + size]
        at += size


def _number(module: bytes, at: int, *, signed: bool = False) -> tuple[int, int]:
    """A LEB128 number of at most 32 bits, and the position after it."""
    value = shift = 0
    while True:
        byte = module[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
        if shift >= 35:
            raise SourceError("the WebAssembly module is damaged: a number does not end")
    if signed and byte & 0x40:
        value -= 1 << shift
    return value, at


def weight_arrays(memory: bytes, name: str) -> Arrays:
    """The arrays of the table that lists ``name``, flat, by name and in order.

    Raises:
        SourceError: there is no such table.
    """
    for found in re.finditer(re.escape(name.encode() + b"\0"), memory):
        place = memory.find(struct.pack("<I", found.start()))
        while place >= 0:
            if place % 4 == 0 and (table := _table(memory, place)) is not None:
                return table
            place = memory.find(struct.pack("<I", found.start()), place + 1)
    raise SourceError(f"the module holds no table of weights with {name}")


def _table(memory: bytes, at: int) -> Arrays | None:
    """The table around the entry at ``at``, or None."""
    if _entry(memory, at) is None:
        return None
    while (_entry(memory, at - _ENTRY.size)) is not None:
        at -= _ENTRY.size
    out: Arrays = {}
    while (entry := _entry(memory, at)) is not None:
        out[entry[0]] = entry[1]
        at += _ENTRY.size
    return out


def _entry(memory: bytes, at: int) -> tuple[str, npt.NDArray[Any]] | None:
    """``(name, array)`` of the entry at ``at``, or None."""
    if at < 0 or at + _ENTRY.size > len(memory):
        return None
    name, kind, size, data = _ENTRY.unpack_from(memory, at)
    text = _NAME.match(memory, name) if name else None
    if text is None or kind not in _TYPES or not 0 < size <= len(memory) - data or size % _TYPES[kind].itemsize:
        return None
    return text.group()[:-1].decode(), np.frombuffer(memory, _TYPES[kind], size // _TYPES[kind].itemsize, data).copy()


def weights_in_script(path: Path, name: str) -> Arrays:
    """The arrays of the table that lists ``name``, in the module of the script ``path``.

    Raises:
        SourceError: there is none.
    """
    return weight_arrays(memory_of(module_in_script(path.read_bytes())), name)
