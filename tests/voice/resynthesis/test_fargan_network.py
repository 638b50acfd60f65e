"""The fast formulation of the network gives, sample for sample, what the plain one gives."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from voice.resynthesis.fargan_network import FEATURES, FRAME, PERIODS, Network

REFERENCE = Path(__file__).parents[4] / "shared" / "weights" / "fargan_opus15.npz"
TOLERANCE = 1e-6
"""Of full scale. Both do the same sums; a library of linear algebra may take them in another order."""


@pytest.fixture(scope="module")
def arrays() -> dict[str, npt.NDArray[Any]]:
    if not REFERENCE.is_file():
        pytest.skip(f"no {REFERENCE}")
    with np.load(REFERENCE) as stored:
        return {name: stored[name] for name in stored.files}


@pytest.fixture(scope="module")
def plain() -> ModuleType:
    spec = importlib.util.spec_from_file_location("plain_fargan", Path(__file__).with_name("plain_fargan.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def speechlike(frames: int, seed: int) -> tuple[npt.NDArray[np.float32], list[int]]:
    """Features that wander as those of loud speech do, and periods over the whole range."""
    random = np.random.default_rng(seed)
    features = 0.2 * np.cumsum(random.normal(0, 0.3, (frames, FEATURES)), axis=0).astype(np.float32)
    features[:, 0] += 8.0
    periods = [int(p) for p in np.linspace(*PERIODS, frames)]
    features[:, 18] = np.log2(256 / np.array(periods)) - 1.5
    features[:, 19] = np.where(np.arange(frames) % 20 < 12, 0.45, -0.3)
    return features, periods


def synthesise(network: Network, features: npt.NDArray[np.float32], periods: list[int]) -> npt.NDArray[np.float32]:
    out, before = [], None
    for frame, period in zip(features, periods, strict=True):
        conditions = network.conditions(frame, period)
        if before is not None:
            out.append(network.frame(conditions, before))
        before = period
    return np.concatenate(out)


@pytest.mark.parametrize("seed", [0, 1])
def test_every_sample_is_that_of_the_plain_formulation(
    arrays: dict[str, npt.NDArray[Any]], plain: ModuleType, seed: int
) -> None:
    features, periods = speechlike(60, seed)
    wanted = plain.synthesise(arrays, features, periods)
    made = synthesise(Network(arrays), features, periods)
    assert made.dtype == np.float32
    assert len(made) == 59 * FRAME
    assert float(np.abs(wanted).max()) > 0.05, "the test needs sound to compare"
    assert float(np.abs(made - wanted).max()) <= TOLERANCE


def test_a_network_that_was_reset_is_as_new(arrays: dict[str, npt.NDArray[Any]]) -> None:
    network = Network(arrays)
    features, periods = speechlike(6, 2)
    first = synthesise(network, features, periods)
    network.reset()
    assert np.array_equal(synthesise(network, features, periods), first)


def test_two_networks_share_no_state(arrays: dict[str, npt.NDArray[Any]]) -> None:
    one, other = Network(arrays), Network(arrays)
    features, periods = speechlike(6, 3)
    first = synthesise(one, features, periods)
    assert np.array_equal(synthesise(other, features, periods), first)


def test_the_weights_that_were_given_stay_as_they_are(arrays: dict[str, npt.NDArray[Any]]) -> None:
    before = {name: values.copy() for name, values in arrays.items()}
    Network(arrays)
    assert all(np.array_equal(values, before[name]) for name, values in arrays.items())


def test_a_result_is_not_overwritten_by_the_next_frame(arrays: dict[str, npt.NDArray[Any]]) -> None:
    network = Network(arrays)
    features, periods = speechlike(4, 4)
    frames = [network.frame(network.conditions(frame, p), p) for frame, p in zip(features, periods, strict=True)]
    kept = [frame.copy() for frame in frames]
    network.frame(network.conditions(features[0], periods[0]), periods[0])
    assert all(np.array_equal(one, other) for one, other in zip(frames, kept, strict=True))
