"""Attempts to restore a masked face keep the picture's shape, and do what their names say."""

import numpy as np
import pytest

from evaluation.runs.recognition_behind_masks import ATTEMPTS

FACE = np.array([16, 16, 64, 64], np.float32)
PICTURE = np.random.default_rng(1).integers(0, 255, (96, 96, 3), np.uint8)


@pytest.mark.parametrize("name", ATTEMPTS)
def test_an_attempt_gives_a_picture_of_the_same_shape_and_changes_none_in_place(name: str) -> None:
    given = PICTURE.copy()
    restored = ATTEMPTS[name](given, FACE)
    assert (restored.shape, restored.dtype) == (PICTURE.shape, np.uint8)
    np.testing.assert_array_equal(given, PICTURE)


def test_scaling_removes_detail_finer_than_the_cells_and_sharpening_adds_contrast() -> None:
    soft = np.repeat(np.repeat(PICTURE[::8, ::8], 8, axis=0), 8, axis=1)
    assert ATTEMPTS["scaled"](PICTURE, FACE).std() < 0.5 * PICTURE.std()
    assert ATTEMPTS["sharpened"](soft // 2 + 64, FACE).std() > (soft // 2 + 64).std()
    np.testing.assert_array_equal(ATTEMPTS["none"](PICTURE, FACE), PICTURE)
