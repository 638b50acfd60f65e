"""The exact test of a privacy ratio: noise that keeps the bound is not blamed, noise of half the scale is."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest

from evaluation.metrics.differential_privacy import excess

DRAWS = 10_000


def laplace(scale: float, shift: int, seed: int) -> Counter[int]:
    """Discrete Laplace noise: the difference of two geometric numbers."""
    rng, p = np.random.default_rng(seed), 1 - math.exp(-1 / scale)
    return Counter((shift + rng.geometric(p, DRAWS) - rng.geometric(p, DRAWS)).tolist())


def test_noise_that_keeps_the_bound_is_hardly_ever_blamed() -> None:
    blamed = [excess(laplace(2.0, 0, n), laplace(2.0, 2, 1000 + n), 1.0).certain for n in range(20)]
    assert sum(count > 0 for count in blamed) <= 1


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_noise_of_a_smaller_scale_is_found(scale: float) -> None:
    found = excess(laplace(scale, 0, 1), laplace(scale, 2, 2), 1.0)
    assert found.certain > 0
    assert found.lower > math.e


def test_the_lower_limit_stays_under_the_true_ratio() -> None:
    found = excess(laplace(2.0, 0, 3), laplace(2.0, 2, 4), 1.0)
    assert 0.9 * math.e < found.lower <= math.e


def test_samples_have_one_size() -> None:
    with pytest.raises(ValueError, match="size"):
        excess(Counter([1]), Counter([1, 2]), 1.0)
