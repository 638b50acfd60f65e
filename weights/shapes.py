"""Taking a fixed picture size out of an ONNX file, so that it runs on pictures of any size.

Some exporters write down the size of the picture they happened to be given although the network is convolutional.
The file itself is never changed: its hash is what is trusted. Only the few bytes that name the size are left out of
the copy that ONNX Runtime is handed; the ``onnx`` package is not needed for it.

The wire format is Protocol Buffers'; the field numbers are those of ``onnx.proto3`` (ModelProto.graph 7;
GraphProto.initializer 5, .input 11, .output 12, .value_info 13; ValueInfoProto.name 1, .type 2;
TypeProto.tensor_type 1; TypeProto.Tensor.shape 2; TensorShapeProto.dim 1; Dimension.dim_param 2; TensorProto.name 8).
"""

from __future__ import annotations

from weights.protobuf import content, encoded, rewritten


def any_size(model: bytes) -> bytes:
    """``model`` (an ONNX file) with the batch, height and width of every picture input free.

    Inputs of another rank than four stay as they are; what was said of the shapes of outputs and of tensors between
    is left out, since it follows from the input.

    Raises:
        ValueError: if it is not an ONNX file.
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
