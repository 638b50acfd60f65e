"""A part of an ONNX graph computes what the whole computes, on weights that were turned back into floats."""

import numpy as np
import numpy.typing as npt
import pytest

from weights.onnx_rewrites import FLOAT
from weights.onnx_sessions import open_part
from weights.onnx_subgraphs import Tensor, part_of
from weights.protobuf import encoded, number, numbers

UINT8, INT32 = 2, 6
CURVE = Tensor(FLOAT, ("one", "channels", "length"))


def text(field: int, value: str) -> bytes:
    return encoded(field, value.encode())


def constant(name: str, value: npt.NDArray, kind: int) -> bytes:
    dims = b"".join(number(1, size) for size in value.shape)
    return encoded(5, dims + number(2, kind) + text(8, name) + encoded(9, value.tobytes()))


def node(operator: str, inputs: str, outputs: str, **whole: int | list[int]) -> bytes:
    parts = [text(1, each) for each in inputs.split()] + [text(2, each) for each in outputs.split()]
    parts += [text(3, f"{operator} {outputs}"), text(4, operator)]
    for name, value in whole.items():
        one = isinstance(value, int)
        values = number(3, value) if one else b"".join(number(8, each) for each in value)
        parts.append(encoded(5, text(1, name) + values + number(20, 2 if one else 7)))
    return encoded(1, b"".join(parts))


def info(field: int, name: str) -> bytes:
    shape = b"".join(encoded(1, text(2, dimension)) for dimension in CURVE.dimensions)
    return encoded(field, text(1, name) + encoded(2, encoded(1, number(1, FLOAT) + encoded(2, shape))))


WEIGHTS = np.random.default_rng(0).integers(0, 255, (3, 2, 5)).astype(np.uint8)
BIAS = np.array([0.5, -1.0, 2.0], np.float32)
SCALE, ZERO = np.float32(0.01), np.uint8(127)


@pytest.fixture(scope="module")
def model() -> bytes:
    """sound -> doubled -> a quantised convolution with a bias, as ONNX Runtime's quantiser writes it -> out."""
    graph = [
        node("Add", "sound sound", "doubled"),
        node("DynamicQuantizeLinear", "doubled", "bytes scale zero"),
        node("Mul", "scale weight_scale", "scales"),
        node("ConvInteger", "bytes weights zero weight_zero", "sums"),
        node("Div", "bias scales", "steps"),
        node("Floor", "steps", "whole_steps"),
        node("Cast", "whole_steps", "bias_bytes", to=INT32),
        node("Reshape", "bias_bytes bias_shape", "bias_row"),
        node("Add", "sums bias_row", "biased"),
        node("Cast", "biased", "floats", to=FLOAT),
        node("Mul", "floats scales", "out"),
        constant("weights", WEIGHTS, UINT8),
        constant("weight_zero", np.array(ZERO), UINT8),
        constant("weight_scale", np.array(SCALE), FLOAT),
        constant("bias", BIAS, FLOAT),
        constant("bias_shape", np.array([1, 3, 1], np.int64), 7),
        info(11, "sound"),
        info(12, "out"),
    ]
    return number(1, 8) + encoded(8, number(2, 17)) + encoded(7, b"".join([text(2, "test"), *graph]))


def convolved(given: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    weights = (WEIGHTS.astype(np.float64) - ZERO) * SCALE
    windows = np.lib.stride_tricks.sliding_window_view(given[0].astype(np.float64), 5, axis=1)
    return np.einsum("ilk,oik->ol", windows, weights)[None] + BIAS[None, :, None]


@pytest.fixture
def sound() -> npt.NDArray[np.float32]:
    return np.random.default_rng(1).normal(0, 1, (1, 2, 40)).astype(np.float32)


def test_a_quantised_convolution_becomes_the_one_on_its_weights(model: bytes, sound: npt.NDArray[np.float32]) -> None:
    (out,) = open_part(model, {"sound": CURVE}, ["out"]).run(None, {"sound": sound})
    assert np.allclose(out, convolved(2 * sound), atol=1e-5)


def test_a_tensor_on_the_way_can_be_given_from_outside(model: bytes, sound: npt.NDArray[np.float32]) -> None:
    (out,) = open_part(model, {"doubled": CURVE}, ["out"]).run(None, {"doubled": sound})
    assert np.allclose(out, convolved(sound), atol=1e-5)


def test_numbers_are_read_packed_and_one_by_one() -> None:
    several = b"".join(number(8, value) for value in (1, 300, 0))
    assert numbers(number(3, 7) + several, 8) == [1, 300, 0]
    assert numbers(encoded(8, bytes([1, 172, 2, 0])), 8) == [1, 300, 0]
    assert numbers(number(3, 7), 8) == []


def test_what_is_not_needed_is_left_out(model: bytes, sound: npt.NDArray[np.float32]) -> None:
    part = part_of(model, {"sound": CURVE}, ["doubled"])
    assert len(part) < len(model) / 3
    assert b"ConvInteger" not in part
    (out,) = open_part(model, {"sound": CURVE}, ["doubled"]).run(None, {"sound": sound})
    assert np.array_equal(out, 2 * sound)


@pytest.mark.parametrize(("given", "wanted"), [("absent", "out"), ("sound", "absent")])
def test_a_tensor_that_is_not_there_is_named(model: bytes, given: str, wanted: str) -> None:
    with pytest.raises(ValueError, match="no tensor absent"):
        part_of(model, {given: CURVE}, [wanted])


def test_a_part_whose_inputs_are_not_given_is_refused(model: bytes) -> None:
    with pytest.raises(ValueError, match="nothing computes sound"):
        part_of(model, {"floats": CURVE}, ["doubled"])


def test_what_is_not_a_model_is_refused() -> None:
    with pytest.raises(ValueError, match="not an ONNX file"):
        part_of(b"\x3a\x7f", {}, [])
