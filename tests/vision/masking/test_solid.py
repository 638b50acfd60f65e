"""A plain colour leaves nothing of a region."""

import numpy as np

from vision.masking.solid import Solid
from vision.settings import MaskSettings

PLAIN = MaskSettings()
RNG = np.random.default_rng(5)


def noise(height: int = 240, width: int = 320) -> np.ndarray:
    return RNG.integers(0, 256, (height, width, 3), dtype=np.uint8)


def test_solid_is_one_colour() -> None:
    picture = noise()
    Solid(PLAIN)(picture, np.array([[10, 20, 100, 80]], np.float32))
    assert np.unique(picture[20:100, 10:110].reshape(-1, 3), axis=0).tolist() == [list(PLAIN.colour)]


def test_a_region_that_is_not_a_number_masks_the_whole_picture() -> None:
    picture = noise()
    Solid(PLAIN)(picture, np.array([[np.nan, 0, 10, 10]], np.float32))
    assert (picture == np.array(PLAIN.colour)).all()
