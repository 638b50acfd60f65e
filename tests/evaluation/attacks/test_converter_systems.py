"""Every system keeps the length of what it converts, and gives the same voice for the same key and speaker only."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from evaluation.attacks.converter_systems import SYSTEMS, System

ONE, OTHER = bytes(32), bytes([1]) * 32


def sound() -> npt.NDArray[np.float32]:
    t = np.arange(8000) / 16000
    return np.asarray(0.1 * sum(np.cos(2 * np.pi * 150 * k * t) / k for k in range(1, 20)), np.float32)


@pytest.mark.parametrize("system", SYSTEMS.values(), ids=list(SYSTEMS))
def test_it_is_in_step_and_finite(system: System) -> None:
    made = system.convert(sound(), ONE, "ann")
    back = system.undo(made, sound(), ONE, "ann")
    for each in (made, back):
        assert len(each) == len(sound())
        assert np.isfinite(each).all()


@pytest.mark.parametrize("system", [s for s in SYSTEMS.values() if s.name != "original"], ids=lambda s: s.name)
def test_key_and_speaker_decide(system: System) -> None:
    made = system.convert(sound(), ONE, "ann")
    assert np.array_equal(system.convert(sound(), ONE, "ann"), made)
    assert not np.allclose(system.convert(sound(), OTHER, "ann"), made, atol=1e-3)
    assert not np.allclose(system.convert(sound(), ONE, "ben"), made, atol=1e-3)
    assert not np.allclose(made, sound(), atol=1e-3)


def test_the_original_is_left_alone() -> None:
    assert np.array_equal(SYSTEMS["original"].convert(sound(), ONE, "ann"), sound())
