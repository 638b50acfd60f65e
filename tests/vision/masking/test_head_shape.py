"""A mask in the shape of a head covers the whole box, and little more."""

import numpy as np
import pytest
from hypothesis import given, settings
from noise_pictures import REGIONS, noise

from vision.masking.coverage import around, pixels
from vision.masking.factory import masker
from vision.settings import MaskSettings

PLAIN = MaskSettings()


@pytest.mark.parametrize("style", ["solid", "mosaic", "blur", "avatar"])
@given(REGIONS)
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
