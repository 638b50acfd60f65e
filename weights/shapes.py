"""Taking a fixed picture size out of an ONNX file, so that it runs on pictures of any size.

Some exporters write down the size of the picture they happened to be given although the network is convolutional.
The file itself is never changed: its hash is what is trusted. Only the few bytes that name the size are left out of
the copy that ONNX Runtime is handed; the ``onnx`` package is not needed for it.

The wire format is Protocol Buffers'; the field numbers are those of ``onnx.proto3`` (ModelProto.graph 7;
GraphProto.initializer 5, .input 11, .output 12, .value_info 13; ValueInfoProto.name 1, .type 2;
TypeProto.tensor_type 1; TypeProto.Tensor.shape 2; TensorShapeProto.dim 1; Dimension.dim_param 2; TensorProto.name 8).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
Rewrite = Callable[[bytes], bytes | None]


def any_size(model: bytes) -> bytes:
    """``model`` (an ONNX file) with the batch, height and width of every picture input free.

    Inputs of another rank than four stay as they are; what was said of the shapes of outputs and of tensors between
    is left out, since it follows from the input.

    Raises:
        ValueError: if it is not an ONNX file.
    """
    return _rewritten(model, {7: _graph})


def _graph(graph: bytes) -> bytes:
    weights = {_name(value, 8) for number, value in _fields(graph) if number == 5}

    def given(info: bytes) -> bytes:
        return info if _name(info, 1) in weights else _rewritten(info, {2: _freed})

    return _rewritten(graph, {11: given, 12: lambda info: _rewritten(info, {2: _unshaped}), 13: lambda info: None})


def _freed(kind: bytes) -> bytes:
    return _rewritten(kind, {1: lambda tensor: _rewritten(tensor, {2: _free_shape})})


def _unshaped(kind: bytes) -> bytes:
    return _rewritten(kind, {1: lambda tensor: _rewritten(tensor, {2: lambda shape: None})})


def _free_shape(shape: bytes) -> bytes:
    sizes = [value for number, value in _fields(shape) if number == 1]
    if len(sizes) != 4:
        return shape
    names = (b"batch", None, b"height", b"width")
    free = [size if name is None else _field(2, name) for size, name in zip(sizes, names, strict=True)]
    return b"".join(_field(1, size) for size in free)


def _name(message: bytes, field: int) -> bytes:
    return next((value for number, value in _fields(message) if number == field), b"")


def _rewritten(message: bytes, rewrite: dict[int, Rewrite]) -> bytes:
    """``message`` with the contents of the fields named in ``rewrite`` replaced, or left out where that gives None."""
    out, last = [], 0
    for number, start, inside, end in _spans(message):
        if number in rewrite and inside is not None:
            value = rewrite[number](message[inside:end])
            out.append(message[last:start])
            if value is not None:
                out.append(_field(number, value))
            last = end
    out.append(message[last:])
    return b"".join(out)


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    for number, _, inside, end in _spans(message):
        if inside is not None:
            yield number, message[inside:end]


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
    value = shift = 0
    while at < len(message) and shift < 64:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
    raise ValueError("not an ONNX file: it breaks off")


def _field(number: int, value: bytes) -> bytes:
    return _number(number << 3 | BYTES) + _number(len(value)) + value


def _number(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
