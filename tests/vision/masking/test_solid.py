"""A plain colour leaves nothing of a region."""

import numpy as np
from noise_pictures import noise

from vision.masking.solid import Solid
from vision.settings import MaskSettings

PLAIN = MaskSettings()


def test_solid_is_one_colour() -> None:
    picture = noise()
    Solid(PLAIN)(picture, np.array([[10, 20, 100, 80]], np.float32))
    assert np.unique(picture[20:100, 10:110].reshape(-1, 3), axis=0).tolist() == [list(PLAIN.colour)]


def test_a_region_that_is_not_a_number_masks_the_whole_picture() -> None:
    picture = noise()
    Solid(PLAIN)(picture, np.array([[np.nan, 0, 10, 10]], np.float32))
    assert (picture == np.array(PLAIN.colour)).all()
