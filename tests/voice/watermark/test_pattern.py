"""The pattern is the same everywhere and always, and looks like nothing that speech does."""

from __future__ import annotations

import numpy as np

from voice.watermark.pattern import band_of, contrast, pattern
from voice.watermark.settings import BANDS, HIGHEST, LOWEST, ROWS


def test_the_pattern_never_changes() -> None:
    """What was marked with one version is found with the next."""
    assert pattern().shape == (ROWS, BANDS)
    assert set(np.unique(pattern())) == {-1.0, 1.0}
    assert pattern()[0, :12].tolist() == [1, -1, -1, -1, 1, -1, 1, -1, -1, -1, -1, 1]
    assert int(pattern().sum()) == -100


def test_moved_by_any_number_of_rows_the_pattern_is_unlike_itself() -> None:
    sharp = contrast(np.tile(pattern(), (3, 1)), 1)[ROWS : 2 * ROWS]
    alike = [float((sharp * np.roll(sharp, move, axis=0)).sum() / (sharp**2).sum()) for move in range(1, ROWS)]
    # Next to the place itself the contrast with the neighbours is alike by its making (-2/3), farther off it is not.
    assert max(alike) < 0.3
    assert np.abs(alike[2:-2]).max() < 0.12


def test_bands_are_of_equal_width_and_end_where_they_are_said_to() -> None:
    band = band_of(np.array([0.0, LOWEST - 1, LOWEST, HIGHEST - 1, HIGHEST, 8000.0]))
    assert band.tolist() == [-1, -1, 0, BANDS - 1, -1, -1]


def test_levels_that_vary_evenly_over_time_leave_no_contrast() -> None:
    levels = np.linspace(-60, -20, 50)[:, None] + np.zeros(BANDS)
    assert np.abs(contrast(levels, 4)).max() < 1e-9
    assert not contrast(levels[:3], 4).any()
