"""Masks destroy, and leave no hole."""

import numpy as np
import pytest
from hypothesis import given, settings
from noise_pictures import REGIONS, noise

from vision.masking.coverage import pixels
from vision.masking.factory import masker
from vision.settings import MaskSettings


@pytest.mark.parametrize("style", ["solid", "mosaic", "blur", "avatar"])
@given(REGIONS)
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


@pytest.mark.parametrize("style", ["solid", "mosaic", "blur", "avatar"])
@pytest.mark.parametrize("shape", ["box", "head"])
def test_only_blur_warns(style: str, shape: str) -> None:
    warning = masker(MaskSettings(style=style, shape=shape)).warning
    assert ("not a protection" in warning) == (style == "blur")
    assert bool(warning) == (style == "blur")
