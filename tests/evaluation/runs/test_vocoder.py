"""The vocoder's cost is measured on features that it was made for, frame by frame."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from evaluation.runs.vocoder import features, measure
from voice.resynthesis import FEATURES, Fargan

REFERENCE = Path(__file__).parents[4] / "shared" / "weights" / "fargan_opus15.npz"


def test_the_features_are_those_of_a_voice_between_110_and_190_hz() -> None:
    frames = features(2.0)
    assert frames.shape == (200, FEATURES)
    hz = 16000 / (256 / 2 ** (frames[:, 18] + 1.5))
    assert hz.min() >= 109
    assert hz.max() <= 191
    assert np.isfinite(frames).all()
    assert np.array_equal(frames, features(2.0))


def test_percentiles_and_rounds_are_in_order() -> None:
    if not REFERENCE.is_file():
        pytest.skip(f"no {REFERENCE}")
    with np.load(REFERENCE) as arrays:
        cost = measure(Fargan({name: arrays[name] for name in arrays.files}), 0.2, 3)
    assert 0 < cost.least <= cost.median
    assert 0 < cost.p50 <= cost.p99
    assert cost.peak_mib > 10
