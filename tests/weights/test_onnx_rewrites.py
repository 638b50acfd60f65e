"""A rewritten graph computes what the graph computed."""

import numpy as np
import numpy.typing as npt
import onnxruntime
import pytest

from weights.onnx_rewrites import FLOAT
from weights.onnx_sessions import open_part
from weights.onnx_subgraphs import Tensor, part_of
from weights.protobuf import encoded, number

CURVE = Tensor(FLOAT, ("one", "channels", "length"))
BIAS = np.array([0.5, -1.0, 2.0], np.float32)


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


@pytest.fixture
def sound() -> npt.NDArray[np.float32]:
    return np.random.default_rng(1).normal(0, 1, (1, 2, 40)).astype(np.float32)


def whole(graph: list[bytes], version: int = 17) -> bytes:
    """A model with this graph."""
    head = number(1, 8) + encoded(8, text(1, "") + number(2, version)) + encoded(8, text(1, "other") + number(2, 99))
    return head + encoded(7, b"".join([text(2, "test"), *graph]))


def results(model: bytes, sound: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """What the model as it is makes of a sound, and what its rewritten part makes of it."""
    (before,) = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"]).run(None, {"sound": sound})
    (after,) = open_part(model, {"sound": CURVE}, ["out"]).run(None, {"sound": sound})
    return before, after


@pytest.mark.parametrize(
    "how",
    [
        {"kernel_shape": [5]},
        {"kernel_shape": [5], "pads": [2, 1], "strides": [2]},
        {"kernel_shape": [5], "pads": [4, 4], "dilations": [3], "group": 1},
    ],
)
@pytest.mark.parametrize("version", [12, 17])
def test_a_convolution_over_time_gives_the_same_in_two_dimensions(
    sound: npt.NDArray[np.float32], how: dict[str, int | list[int]], version: int
) -> None:
    weights = np.random.default_rng(2).normal(0, 1, (3, 2, 5)).astype(np.float32)
    graph = [
        node("Conv", "sound weights bias", "out", **how),
        constant("weights", weights, FLOAT),
        constant("bias", BIAS, FLOAT),
        info(11, "sound"),
        info(12, "out"),
    ]
    model = whole(graph, version)
    part = part_of(model, {"sound": CURVE}, ["out"])
    assert (b"Squeeze" in part) == (version >= 13)
    before, after = results(model, sound)
    assert after.shape == before.shape
    assert np.allclose(after, before, atol=1e-5)


def normalisation(axis: int, epsilon: float, squared: str = "away") -> bytes:
    """Adaptive instance normalisation as PyTorch writes it out; ``squared``: what the variance is the mean of."""
    style = np.array([[[0.3], [-0.2], [1.0], [-2.0]]], np.float32)
    return whole(
        [
            node("ReduceMean", "sound axis", "mean", keepdims=1),
            node("Sub", "sound mean", "away"),
            node("Mul", f"away {squared}", "squares"),
            node("ReduceMean", "squares axis", "variance", keepdims=1),
            node("Add", "variance epsilon", "more"),
            node("Sqrt", "more", "deviation"),
            node("Div", "away deviation", "normal"),
            node("Split", "style halves", "gain shift", axis=1),
            node("Add", "gain one", "factor"),
            node("Mul", "factor normal", "scaled"),
            node("Add", "scaled shift", "out"),
            constant("axis", np.array([axis]), 7),
            constant("halves", np.array([2, 2]), 7),
            constant("style", style, FLOAT),
            constant("one", np.ones(1, np.float32), FLOAT),
            constant("epsilon", np.array(epsilon, np.float32), FLOAT),
            info(11, "sound"),
            info(12, "out"),
        ],
        18,
    )


@pytest.mark.parametrize(
    ("axis", "epsilon", "squared", "joined"),
    [
        (2, 1e-5, "away", True),
        pytest.param(1, 1e-5, "away", False, id="over the channels"),
        pytest.param(2, 1e-3, "away", False, id="with more added to the variance"),
        pytest.param(2, 1e-5, "sound", False, id="by something else than the variance"),
    ],
)
def test_a_normalisation_over_time_becomes_one_operator(
    sound: npt.NDArray[np.float32], axis: int, epsilon: float, squared: str, joined: bool
) -> None:
    model = normalisation(axis, epsilon, squared)
    part = part_of(model, {"sound": CURVE}, ["out"])
    assert (b"InstanceNormalization" in part) == joined
    assert (b"Sqrt" in part) != joined
    before, after = results(model, sound)
    assert np.allclose(after, before, atol=1e-5, equal_nan=True)
