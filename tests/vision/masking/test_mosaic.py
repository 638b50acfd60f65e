"""A mosaic keeps a few coarse levels, and nothing finer."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from noise_pictures import noise

from vision.masking.mosaic import Mosaic
from vision.masking.settings import LEVELS
from vision.settings import MaskSettings

PLAIN = MaskSettings()


@given(st.integers(20, 200), st.integers(20, 200), st.integers(2, 6))
@settings(max_examples=30, deadline=None)
def test_mosaic_has_no_more_cells_than_allowed_in_few_levels(width: int, height: int, cells: int) -> None:
    picture = noise()
    Mosaic(MaskSettings(cells=cells))(picture, np.array([[0, 0, width, height]], np.float32))
    part = picture[:height, :width]
    across = cells * (1 + 2 * PLAIN.side) * 1.1  # over the whole head; the face itself is 1 / 1.7 of it
    runs = 1 + int((np.abs(np.diff(part.astype(int), axis=1)).sum(axis=(0, 2)) > 0).sum())
    rises = 1 + int((np.abs(np.diff(part.astype(int), axis=0)).sum(axis=(1, 2)) > 0).sum())
    assert runs <= across
    assert rises <= across
    assert len(np.unique(part)) <= 256 // LEVELS


def test_mosaic_does_not_depend_on_details() -> None:
    """Two faces that differ in everything finer than a cell give the same mask."""
    box = np.array([[0, 0, 200, 200]], np.float32)
    coarse = np.full((200, 200, 3), 112, np.uint8)
    fine = coarse.copy()
    fine[::2] -= 60
    fine[1::2] += 60
    Mosaic(MaskSettings(cells=6), seed=1)(coarse, box)
    Mosaic(MaskSettings(cells=6), seed=1)(fine, box)
    assert np.array_equal(coarse, fine)


def test_mosaic_noise_cannot_be_repeated() -> None:
    first, second = np.full((200, 200, 3), 112, np.uint8), np.full((200, 200, 3), 112, np.uint8)
    Mosaic(PLAIN)(first, np.array([[0, 0, 200, 200]], np.float32))
    Mosaic(PLAIN)(second, np.array([[0, 0, 200, 200]], np.float32))
    assert not np.array_equal(first, second)


def test_a_region_at_the_edge_has_no_finer_cells() -> None:
    picture = noise()
    Mosaic(PLAIN)(picture, np.array([[-180, 10, 200, 200]], np.float32))
    part = picture[10:210, :20]
    assert (np.diff(part.astype(int), axis=1) == 0).all()


def test_cells_behind_which_faces_are_known_again_cannot_be_set() -> None:
    with pytest.raises(ValueError, match="cells"):
        MaskSettings(cells=7)
