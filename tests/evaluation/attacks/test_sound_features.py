"""Features of sound: what each leaves out is really left out."""

from __future__ import annotations

import numpy as np
import pytest

from evaluation.attacks.sound_features import contours, ending, pitch

RATE = 16_000


def voice(low: float, high: float, seconds: float = 0.8) -> np.ndarray:
    """A buzz whose pitch glides from ``low`` to ``high`` Hz."""
    phase = np.cumsum(np.linspace(low, high, round(seconds * RATE))) / RATE
    return np.asarray(0.2 * sum(np.cos(2 * np.pi * k * phase) / k for k in range(1, 8)), np.float32)


def test_the_pitch_tells_high_voices_from_low_ones() -> None:
    assert pitch(voice(220, 220))[0] - pitch(voice(110, 110))[0] == pytest.approx(np.log(2), abs=0.02)


def test_contours_hold_neither_the_mean_nor_the_spread() -> None:
    rows = contours(voice(110, 140))[:20], contours(voice(220, 340))[:20]
    for row in rows:
        assert (row.mean(), row.std()) == (pytest.approx(0, abs=1e-9), pytest.approx(1, abs=1e-6))
    assert np.corrcoef(*rows)[0, 1] > 0.95


@pytest.mark.parametrize(("low", "high", "told"), [(120, 180, 1.0), (180, 120, -1.0), (150, 150, 0.0)])
def test_the_ending_is_one_of_three(low: float, high: float, told: float) -> None:
    assert ending(voice(low, high))[0] == told


def test_silence_is_no_error() -> None:
    assert np.isfinite(contours(np.zeros(RATE, np.float32))).all()
