"""The attacks on the mark do what they are called, and rates come with their upper ends."""

from __future__ import annotations

import numpy as np
import pytest

from evaluation.runs.watermark import ATTACKS, WINDOW, upper, windows
from voice.watermark import RATE, marked

SOUND = np.random.default_rng(0).normal(0, 0.05, 4 * RATE).astype(np.float32)


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_leaves_a_sound(name: str) -> None:
    out = ATTACKS[name](SOUND)
    assert out.dtype == np.float32
    assert np.isfinite(out).all()
    length = WINDOW * RATE if "cut" in name else len(SOUND)
    assert len(out) == pytest.approx(length, rel=0.03)
    assert out.std() == pytest.approx(SOUND.std(), rel=0.5)


def test_windows_overlap_by_half_and_hold_something() -> None:
    assert len(windows(marked(np.tile(SOUND, 5), RATE))) == 19
    assert windows(np.zeros(8 * RATE, np.float32)) == []


@pytest.mark.parametrize(("found", "count", "rate"), [(0, 1000, 0.003), (1, 1000, 0.0056), (50, 100, 0.60)])
def test_the_upper_end_of_a_rate(found: int, count: int, rate: float) -> None:
    assert upper(found, count) == pytest.approx(rate, rel=0.02)
