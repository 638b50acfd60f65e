"""A blur says that it does not protect, and still takes the detail away."""

import numpy as np

from vision.masking.blur import Blur
from vision.settings import MaskSettings


def test_no_edge_within_a_blurred_region_is_left() -> None:
    picture = np.zeros((240, 320, 3), np.uint8)
    picture[:, ::2] = 255  # the sharpest edges there are
    Blur(MaskSettings())(picture, np.array([[40, 30, 120, 160]], np.float32))
    part = picture[30:190, 40:160].astype(int)
    assert np.abs(np.diff(part, axis=1)).max() < 8
    assert set(np.unique(picture[:30])) == {0, 255}


def test_it_warns() -> None:
    assert "not a protection" in Blur(MaskSettings()).warning
