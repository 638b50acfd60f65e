"""Masks destroy, and leave no hole."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from vision.masking.coverage import around, pixels
from vision.masking.settings import LEVELS
from vision.masking.styles import Blur, Mosaic, Solid, masker
from vision.settings import MaskSettings

PLAIN = MaskSettings()
RNG = np.random.default_rng(5)


def noise(height: int = 240, width: int = 320) -> np.ndarray:
    return RNG.integers(0, 256, (height, width, 3), dtype=np.uint8)


boxes = hnp.arrays(np.float32, st.tuples(st.integers(0, 4), st.just(4)), elements=st.floats(-50, 400, width=32))


@pytest.mark.parametrize("style", ["solid", "mosaic", "blur", "avatar"])
@given(boxes)
@settings(max_examples=25, deadline=None)
def test_nothing_outside_changes_and_no_pixel_inside_is_left_out(style: str, regions: np.ndarray) -> None:
    picture = noise()
    before = picture.copy()
    masker(MaskSettings(style=style))(picture, regions)
    inside = np.zeros(picture.shape[:2], bool)
    for rows, columns in pixels(regions, picture):
        inside[rows, columns] = True
    assert np.array_equal(picture[~inside], before[~inside])
    if inside.sum() > 500:  # in noise, next to no pixel keeps its value by chance
        assert (picture[inside] == before[inside]).all(axis=1).mean() < 0.02


def test_solid_is_one_colour() -> None:
    picture = noise()
    Solid(PLAIN)(picture, np.array([[10, 20, 100, 80]], np.float32))
    assert np.unique(picture[20:100, 10:110].reshape(-1, 3), axis=0).tolist() == [list(PLAIN.colour)]


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


def test_a_region_that_is_not_a_number_masks_the_whole_picture() -> None:
    picture = noise()
    Solid(PLAIN)(picture, np.array([[np.nan, 0, 10, 10]], np.float32))
    assert (picture == np.array(PLAIN.colour)).all()


def test_blur_warns_and_the_others_do_not() -> None:
    assert "not a protection" in Blur(PLAIN).warning
    assert not Solid(PLAIN).warning
    assert not Mosaic(PLAIN).warning


def test_cells_behind_which_faces_are_known_again_cannot_be_set() -> None:
    with pytest.raises(ValueError, match="cells"):
        MaskSettings(cells=7)


@pytest.mark.parametrize("style", ["solid", "mosaic", "blur", "avatar"])
@given(boxes)
@settings(max_examples=25, deadline=None)
def test_a_head_shape_leaves_no_pixel_of_the_box_and_is_little_larger(style: str, regions: np.ndarray) -> None:
    picture = noise()
    before = picture.copy()
    masker(MaskSettings(style=style, shape="head"))(picture, regions)
    inside, near = np.zeros(picture.shape[:2], bool), np.zeros(picture.shape[:2], bool)
    for rows, columns in pixels(regions, picture):
        inside[rows, columns] = True
    for rows, columns in pixels(around(regions), picture):
        near[rows, columns] = True
    assert np.array_equal(picture[~near], before[~near])
    if inside.sum() > 500:
        assert (picture[inside] == before[inside]).all(axis=1).mean() < 0.02


def test_a_head_shape_is_round() -> None:
    picture = np.full((300, 300, 3), 200, np.uint8)
    masker(MaskSettings(style="solid", shape="head"))(picture, np.array([[100, 100, 100, 100]], np.float32))
    masked = (picture == np.array(PLAIN.colour)).all(axis=2)
    assert masked[150, 93]
    assert not masked[93, 93]
    assert np.array_equal(masked, masked[::-1, ::-1][: masked.shape[0]])


def test_a_head_shape_that_is_not_a_number_masks_the_whole_picture() -> None:
    picture = noise()
    masker(MaskSettings(style="solid", shape="head"))(picture, np.array([[np.nan, 0, 10, 10]], np.float32))
    assert (picture == np.array(PLAIN.colour)).all()


@pytest.mark.parametrize("shape", ["box", "head"])
def test_an_avatar_does_not_depend_on_what_is_beneath(shape: str) -> None:
    box = np.array([[60, 40, 120, 150]], np.float32)
    one, two = noise(), noise()
    for picture in (one, two):
        masker(MaskSettings(style="avatar", shape=shape))(picture, box)
    for rows, columns in pixels(box, one):
        assert np.array_equal(one[rows, columns], two[rows, columns])
        assert len(np.unique(one[rows, columns].reshape(-1, 3), axis=0)) > 5, "a face is drawn"


def test_an_avatar_opens_its_mouth_and_nothing_else() -> None:
    box = np.array([[60, 40, 120, 150]], np.float32)
    silent, speaks = np.zeros((240, 320, 3), np.uint8), np.zeros((240, 320, 3), np.uint8)
    draw = masker(MaskSettings(style="avatar"))
    draw(silent, box, np.array([0.1], np.float32))
    draw(speaks, box, np.array([0.9], np.float32))
    rows, columns = np.nonzero((silent != speaks).any(axis=2))
    assert len(rows)
    assert 40 + 0.55 * 150 < rows.min() < rows.max() < 40 + 0.85 * 150
    assert 60 + 0.3 * 120 < columns.min() < columns.max() < 60 + 0.7 * 120


def test_avatars_of_two_people_are_the_same() -> None:
    picture = noise()
    masker(MaskSettings(style="avatar"))(picture, np.array([[10, 20, 100, 120], [180, 80, 100, 120]], np.float32))
    assert np.array_equal(picture[20:140, 10:110], picture[80:200, 180:280])
