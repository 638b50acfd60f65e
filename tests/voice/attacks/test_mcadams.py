"""The baseline moves poles, and nothing else."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.attacks import mcadams, power_for, warp_poles


def noise(size: int = 4800) -> npt.NDArray[np.float32]:
    rough = np.random.default_rng(0).normal(0, 0.1, size)
    return np.convolve(rough, np.hanning(7) / 3, "same").astype(np.float32)


def test_a_power_of_one_changes_nothing() -> None:
    sound = noise()
    assert mcadams(sound, 1.0) == pytest.approx(sound, abs=1e-4)


@pytest.mark.parametrize("power", [0.6, 0.8, 1.2])
def test_length_and_level_stay(power: float) -> None:
    sound = noise()
    out = mcadams(sound, power)
    assert len(out) == len(sound)
    assert float(out.std()) == pytest.approx(float(sound.std()), rel=1e-3)
    assert np.abs(out - sound).max() > 0.02


@given(st.floats(0.05, 0.999), st.floats(0.05, 1.7), st.floats(0.5, 1.2))
def test_the_inverse_power_moves_a_pole_back(radius: float, angle: float, power: float) -> None:
    pole = np.array([radius * np.exp(1j * angle), radius * np.exp(-1j * angle)])
    there = warp_poles(pole, power)
    assert np.abs(there) == pytest.approx(np.abs(pole))
    assert warp_poles(there, 1 / power) == pytest.approx(pole, abs=1e-9)


def test_real_poles_stay() -> None:
    poles = np.array([0.9 + 0j, -0.5 + 0j])
    assert np.array_equal(warp_poles(poles, 0.7), poles)


def test_each_setting_has_a_power_of_its_own() -> None:
    powers = [power_for(("key", i)) for i in range(50)]
    assert len(set(powers)) == 50
    assert all(0.5 <= power <= 0.9 for power in powers)
    assert power_for(("key", 1)) == powers[1]


def test_silence_and_nothing() -> None:
    assert not mcadams(np.zeros(1000, np.float32), 0.8).any()
    assert len(mcadams(np.zeros(0, np.float32), 0.8)) == 0
