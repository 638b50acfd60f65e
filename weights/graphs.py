"""Extracting a part of an ONNX graph, and computing its convolutions in floats and fast.

Some exports join several networks into one file although something has to happen between them, and some were quantised
for processors that multiply 8-bit integers faster than floats. The file itself is never changed: its hash is what is
trusted. ONNX Runtime gets a copy with other inputs and outputs, in which each integer convolution is replaced by a
plain one on the same weights; this does not need the ``onnx`` package. A convolution over time alone is written as one
over two dimensions, the first of size 1: ONNX Runtime's kernel for those needs a fifth less time on Kokoro.

The field numbers are those of ``onnx.proto3``: ModelProto.graph 7, .opset_import 8; GraphProto.node 1, .initializer 5,
.input 11, .output 12, .value_info 13; NodeProto.input 1, .output 2, .name 3, .op_type 4, .attribute 5, .domain 7;
AttributeProto.name 1, .i 3, .ints 8, .type 20; TensorProto.dims 1, .data_type 2, .name 8, .raw_data 9;
ValueInfoProto.name 1, .type 2; TypeProto.tensor_type 1; TypeProto.Tensor.elem_type 1, .shape 2; TensorShapeProto.dim 1;
Dimension.dim_param 2; OperatorSetIdProto.domain 1, .version 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from weights.protobuf import content, encoded, number, numbers, rewritten

FLOAT, INT64 = 1, 7
"""ONNX's element types."""
_AXIS = "/axis of size 1"
_AXES_ARE_INPUTS = 13
"""Version of ONNX' operators from which on Squeeze and Unsqueeze are told their axes as an input."""
_AXIS_VALUE = (2).to_bytes(8, "little")
_INTS = 7
"""Type of an attribute that holds several whole numbers."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """An input of a graph: its element type, and a name for each dimension; equal names mean equal sizes."""

    kind: int
    dimensions: tuple[str, ...]


@dataclass(slots=True)
class _Node:
    operator: str
    inputs: list[str]
    outputs: list[str]
    name: str = ""
    rest: list[bytes] = field(default_factory=list)
    """Attributes and domain, encoded."""

    @classmethod
    def read(cls, message: bytes) -> _Node:
        node = cls("", [], [])
        for key, value in content(message):
            if key == 1:
                node.inputs.append(value.decode())
            elif key == 2:
                node.outputs.append(value.decode())
            elif key == 3:
                node.name = value.decode()
            elif key == 4:
                node.operator = value.decode()
            elif key in (5, 7):
                node.rest.append(encoded(key, value))
        return node

    def written(self) -> bytes:
        texts = [(1, text) for text in self.inputs] + [(2, text) for text in self.outputs]
        texts += [(3, self.name), (4, self.operator)]
        return b"".join([*(encoded(key, text.encode()) for key, text in texts), *self.rest])


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
        nodes = _float_convolutions(nodes)
        if version >= _AXES_ARE_INPUTS:
            nodes = [each for node in nodes for each in _in_two_dimensions(node)]
            tensors[_AXIS] = number(1, 1) + number(2, INT64) + encoded(8, _AXIS.encode()) + encoded(9, _AXIS_VALUE)
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


def _parts(message: bytes) -> tuple[list[_Node], dict[str, bytes], list[bytes]]:
    """Nodes, constant tensors by name, and all other fields, encoded, except inputs, outputs and known shapes."""
    nodes, tensors, others = [], {}, []
    for key, value in content(message):
        if key == 1:
            nodes.append(_Node.read(value))
        elif key == 5:
            tensors[next(v for k, v in content(value) if k == 8).decode()] = value
        elif key not in (11, 12, 13):
            others.append(encoded(key, value))
    return nodes, tensors, others


def _needed(nodes: Iterable[_Node], given: Iterable[str], wanted: Iterable[str]) -> list[_Node]:
    """The nodes needed to compute ``wanted`` from ``given``, in their original order."""
    made_by = {name: node for node in nodes for name in node.outputs}
    order = {id(node): place for place, node in enumerate(nodes)}
    kept: dict[int, _Node] = {}
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


def _float_convolutions(nodes: list[_Node]) -> list[_Node]:
    """Replace each dynamically quantised convolution by one in floats, on weights converted to floats when loaded."""
    made_by = {name: node for node in nodes for name in node.outputs}
    used_by: dict[str, list[_Node]] = {}
    for node in nodes:
        for name in node.inputs:
            used_by.setdefault(name, []).append(node)
    out: list[_Node] = []
    replaced: dict[int, list[_Node]] = {}
    gone: set[int] = set()
    for node in nodes:
        if node.operator == "ConvInteger":
            last, new = _float_convolution(node, made_by, used_by)
            replaced[id(last)] = new
            gone.add(id(node))
    for node in nodes:
        out += replaced.get(id(node), [] if id(node) in gone else [node])
    return out


def _float_convolution(
    node: _Node, made_by: Mapping[str, _Node], used_by: Mapping[str, list[_Node]]
) -> tuple[_Node, list[_Node]]:
    """The node that produces the scaled result of an integer convolution, and the nodes that replace it."""
    after, bias = used_by[node.outputs[0]][0], None
    if after.operator == "Add":
        shaped = next(made_by[name] for name in after.inputs if name != node.outputs[0])
        # Reshape <- Cast <- Floor or Round <- Div(bias, scale)
        source = shaped
        while source.operator != "Div":
            source = made_by[source.inputs[0]]
        bias = source.inputs[0]
        after = used_by[after.outputs[0]][0]
    last = used_by[after.outputs[0]][0]
    if after.operator != "Cast" or last.operator != "Mul":
        raise ValueError(f"the integer convolution {node.name} is not followed by its scale")
    scales = made_by[next(name for name in last.inputs if name != after.outputs[0])]
    quantised, weights, zero = made_by[node.inputs[0]], node.inputs[1], node.inputs[3]
    scale = next(name for name in scales.inputs if name != quantised.outputs[1])
    own = f"{node.name}/float"
    to_float = encoded(5, encoded(1, b"to") + number(3, FLOAT) + number(20, 2))
    made = [
        _Node("Cast", [weights], [f"{own}/weights"], f"{own}/1", [to_float]),
        _Node("Cast", [zero], [f"{own}/zero"], f"{own}/2", [to_float]),
        _Node("Sub", [f"{own}/weights", f"{own}/zero"], [f"{own}/centred"], f"{own}/3"),
        _Node("Mul", [f"{own}/centred", scale], [f"{own}/scaled"], f"{own}/4"),
    ]
    inputs = [quantised.inputs[0], f"{own}/scaled", *([bias] if bias else [])]
    return last, [*made, _Node("Conv", inputs, list(last.outputs), f"{own}/5", list(node.rest))]


def _operators(model: bytes) -> int:
    """Version of ONNX' own operators in a model; 0 where it says none."""
    imports = [value for key, value in content(model) if key == 8]
    return max((numbers(each, 2)[0] for each in imports if not any(k == 1 and v for k, v in content(each))), default=0)


def _in_two_dimensions(node: _Node) -> list[_Node]:
    """A convolution over one dimension as one over two; any other node as it is."""
    if node.operator != "Conv":
        return [node]
    attributes = {next(v for k, v in content(each) if k == 1).decode(): each for each in _attributes(node)}
    shape = numbers(attributes["kernel_shape"], 8) if "kernel_shape" in attributes else []
    if len(shape) != 1:
        return [node]
    wide = {"kernel_shape": [1, *shape]}
    for name, first in (("strides", [1]), ("dilations", [1])):
        if name in attributes:
            wide[name] = [*first, *numbers(attributes[name], 8)]
    if "pads" in attributes:
        before, after = numbers(attributes["pads"], 8)
        wide["pads"] = [0, before, 0, after]
    rest = [encoded(5, each) for name, each in attributes.items() if name not in wide]
    rest += [encoded(5, _ints(name, values)) for name, values in wide.items()]
    own, (sound, weights, *bias) = f"{node.outputs[0]}/wide", node.inputs
    return [
        _Node("Unsqueeze", [sound, _AXIS], [f"{own}/sound"], f"{own}/1"),
        _Node("Unsqueeze", [weights, _AXIS], [f"{own}/weights"], f"{own}/2"),
        _Node("Conv", [f"{own}/sound", f"{own}/weights", *bias], [f"{own}/made"], f"{own}/3", rest),
        _Node("Squeeze", [f"{own}/made", _AXIS], list(node.outputs), f"{own}/4"),
    ]


def _attributes(node: _Node) -> list[bytes]:
    return [value for each in node.rest for key, value in content(each) if key == 5]


def _ints(name: str, values: Sequence[int]) -> bytes:
    return b"".join([encoded(1, name.encode()), *(number(8, value) for value in values), number(20, _INTS)])


def _info(name: str, tensor: Tensor) -> bytes:
    shape = b"".join(encoded(1, encoded(2, dimension.encode())) for dimension in tensor.dimensions)
    return encoded(1, name.encode()) + encoded(2, encoded(1, number(1, tensor.kind) + encoded(2, shape)))


def _untyped() -> bytes:
    """A type that says only: floats of any shape."""
    return encoded(2, encoded(1, number(1, FLOAT)))
