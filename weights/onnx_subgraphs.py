"""Extracting a part of an ONNX graph, and computing it in floats and fast.

Some exports join several networks into one file although something has to happen between them. The file itself is never
changed: its hash is what is trusted. ONNX Runtime gets a copy with other inputs and outputs, rewritten as
``weights.onnx_rewrites`` says; this does not need the ``onnx`` package.

The field numbers are those of ``onnx.proto3``: ModelProto.graph 7, .opset_import 8; GraphProto.node 1, .initializer 5,
.input 11, .output 12, .value_info 13; TensorProto.name 8; ValueInfoProto.name 1, .type 2; TypeProto.tensor_type 1;
TypeProto.Tensor.elem_type 1, .shape 2; TensorShapeProto.dim 1; Dimension.dim_param 2; OperatorSetIdProto.domain 1,
.version 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from weights.onnx_rewrites import (
    AXIS,
    AXIS_VALUE,
    FLOAT,
    Node,
    float_convolutions,
    in_two_dimensions,
    joined_normalisations,
    whole,
)
from weights.protobuf import content, encoded, number, numbers, rewritten

_AXES_ARE_INPUTS = 13
"""Version of ONNX' operators from which on Squeeze and Unsqueeze are told their axes as an input."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """An input of a graph: its element type, and a name for each dimension; equal names mean equal sizes."""

    kind: int
    dimensions: tuple[str, ...]


def part_of(model: bytes, given: Mapping[str, Tensor], wanted: Sequence[str]) -> bytes:
    """The part of the ONNX file ``model`` that computes ``wanted`` from ``given``, with its convolutions in floats.

    Raises:
        ValueError: it is not an ONNX file, or lacks one of the tensors.
    """

    version = _operators(model)

    def graph(message: bytes) -> bytes:
        nodes, tensors, others = _parts(message)
        known = {name for node in nodes for name in (*node.inputs, *node.outputs)}
        if missing := [name for name in (*given, *wanted) if name not in known]:
            raise ValueError(f"the graph has no tensor {missing[0]}")
        nodes = joined_normalisations(float_convolutions(nodes), tensors)
        if version >= _AXES_ARE_INPUTS:
            nodes = [each for node in nodes for each in in_two_dimensions(node)]
            tensors[AXIS] = whole(AXIS, AXIS_VALUE)
        nodes = _needed(nodes, given, wanted)
        used = {name for node in nodes for name in node.inputs}
        free = {name for node in nodes for name in node.inputs} - {o for node in nodes for o in node.outputs}
        if unmade := free - tensors.keys() - given.keys() - {""}:
            raise ValueError(f"nothing computes {min(unmade)}")
        out = [encoded(1, node.written()) for node in nodes]
        out += [encoded(5, value) for name, value in tensors.items() if name in used]
        out += [encoded(11, _info(name, tensor)) for name, tensor in given.items()]
        out += [encoded(12, encoded(1, name.encode()) + _untyped()) for name in wanted]
        return b"".join([*out, *others])

    return rewritten(model, {7: graph})


def _parts(message: bytes) -> tuple[list[Node], dict[str, bytes], list[bytes]]:
    """Nodes, constant tensors by name, and all other fields, encoded, except inputs, outputs and known shapes."""
    nodes, tensors, others = [], {}, []
    for key, value in content(message):
        if key == 1:
            nodes.append(Node.read(value))
        elif key == 5:
            tensors[next(v for k, v in content(value) if k == 8).decode()] = value
        elif key not in (11, 12, 13):
            others.append(encoded(key, value))
    return nodes, tensors, others


def _needed(nodes: Iterable[Node], given: Iterable[str], wanted: Iterable[str]) -> list[Node]:
    """The nodes needed to compute ``wanted`` from ``given``, in their original order."""
    made_by = {name: node for node in nodes for name in node.outputs}
    order = {id(node): place for place, node in enumerate(nodes)}
    kept: dict[int, Node] = {}
    stop, open_names = set(given), list(wanted)
    while open_names:
        name = open_names.pop()
        node = made_by.get(name)
        if name not in stop and node is not None and id(node) not in kept:
            kept[id(node)] = node
            open_names += node.inputs
    for node in kept.values():
        # What is given from outside must not also be computed inside.
        node.outputs = [f"{name} (unused)" if name in stop else name for name in node.outputs]
    return sorted(kept.values(), key=lambda node: order[id(node)])


def _operators(model: bytes) -> int:
    """Version of ONNX' own operators in a model; 0 where it says none."""
    imports = [value for key, value in content(model) if key == 8]
    return max((numbers(each, 2)[0] for each in imports if not any(k == 1 and v for k, v in content(each))), default=0)


def _info(name: str, tensor: Tensor) -> bytes:
    shape = b"".join(encoded(1, encoded(2, dimension.encode())) for dimension in tensor.dimensions)
    return encoded(1, name.encode()) + encoded(2, encoded(1, number(1, tensor.kind) + encoded(2, shape)))


def _untyped() -> bytes:
    """A type that says only: floats of any shape."""
    return encoded(2, encoded(1, number(1, FLOAT)))
