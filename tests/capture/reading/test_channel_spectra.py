"""Cross-spectra of channels: power is kept, and what another channel explains is told apart from what none does."""

from __future__ import annotations

import numpy as np
import pytest

from capture.reading.channel_spectra import frequencies, spectra, unexplained_by_channel, unexplained_by_others
from capture.reading.settings import FRAME

RATE = 16000
RNG = np.random.default_rng(0)
ONE, OTHER = RNG.normal(0.0, 0.1, (2, 2 * RATE)).astype(np.float32)
FLAT = np.ones(FRAME // 2 + 1)


def crossed(*channels: np.ndarray) -> np.ndarray:
    (stretch,) = spectra([np.stack(channels, axis=1)], RATE, FLAT)
    return stretch.cross


def test_the_diagonal_is_the_power_of_each_channel() -> None:
    cross = crossed(ONE, 2 * ONE)
    powers = np.trace(cross.real[:, :1, :1], axis1=1, axis2=2).sum(), cross[:, 1, 1].real.sum()
    assert powers[0] == pytest.approx(float(np.mean(ONE**2)), rel=0.05)
    assert powers[1] == pytest.approx(4 * powers[0])
    assert frequencies(RATE)[-1] == RATE / 2


def test_a_multiple_explains_everything_and_an_independent_channel_nothing() -> None:
    own, left = unexplained_by_channel(crossed(ONE, -0.5 * ONE), 0, 1)
    assert left == pytest.approx(0.0, abs=1e-9 * own)
    own, left = unexplained_by_channel(crossed(ONE, OTHER), 0, 1)
    assert left / own > 0.99


def test_a_delayed_copy_is_explained_by_filtering_only() -> None:
    cross = crossed(ONE, np.roll(ONE, 8))
    own, by_multiple = unexplained_by_channel(cross, 0, 1)
    _, by_filter = unexplained_by_others(cross, 0)
    assert by_multiple / own > 0.9
    assert by_filter / own < 0.1


def test_a_channel_alone_is_explained_by_nothing() -> None:
    own, left = unexplained_by_others(crossed(ONE), 0)
    assert left == own


@pytest.mark.parametrize("size", [160, 5000, 32000])
def test_how_the_sound_is_cut_into_blocks_makes_no_difference(size: int) -> None:
    both = np.stack([ONE, OTHER], axis=1)
    blocks = [both[at : at + size] for at in range(0, len(both), size)]
    (cut,), (whole,) = spectra(blocks, RATE, FLAT), spectra([both], RATE, FLAT)
    assert np.array_equal(cut.cross, whole.cross)
    assert (cut.start, cut.end) == (0.0, 2.0)
