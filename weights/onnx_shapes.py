"""Removing a fixed picture size from an ONNX file, so that it runs on pictures of any size.

Some exporters record the size of the picture they happened to be given, although the network is convolutional. The
file itself is never changed: its hash is what is trusted. Only the few bytes that give the size are omitted from the
copy that ONNX Runtime gets; this does not need the ``onnx`` package.

The wire format is Protocol Buffers'; the field numbers are those of ``onnx.proto3`` (ModelProto.graph 7;
GraphProto.initializer 5, .input 11, .output 12, .value_info 13; ValueInfoProto.name 1, .type 2;
TypeProto.tensor_type 1; TypeProto.Tensor.shape 2; TensorShapeProto.dim 1; Dimension.dim_param 2; TensorProto.name 8).
"""

from __future__ import annotations

from weights.protobuf import content, encoded, rewritten


def any_size(model: bytes) -> bytes:
    """``model`` (an ONNX file) with batch, height and width of every picture input left free.

    Inputs of a rank other than four are unchanged. The shapes of outputs and inner tensors are removed, since they
    follow from the input.

    Raises:
        ValueError: it is not an ONNX file.
    """
    return rewritten(model, {7: _graph})


def _graph(graph: bytes) -> bytes:
    weights = {_name(value, 8) for number, value in content(graph) if number == 5}

    def given(info: bytes) -> bytes:
        return info if _name(info, 1) in weights else rewritten(info, {2: _freed})

    return rewritten(graph, {11: given, 12: lambda info: rewritten(info, {2: _unshaped}), 13: lambda info: None})


def _freed(kind: bytes) -> bytes:
    return rewritten(kind, {1: lambda tensor: rewritten(tensor, {2: _free_shape})})


def _unshaped(kind: bytes) -> bytes:
    return rewritten(kind, {1: lambda tensor: rewritten(tensor, {2: lambda shape: None})})


def _free_shape(shape: bytes) -> bytes:
    sizes = [value for number, value in content(shape) if number == 1]
    if len(sizes) != 4:
        return shape
    names = (b"batch", None, b"height", b"width")
    free = [size if name is None else encoded(2, name) for size, name in zip(sizes, names, strict=True)]
    return b"".join(encoded(1, size) for size in free)


def _name(message: bytes, field: int) -> bytes:
    return next((value for number, value in content(message) if number == field), b"")
