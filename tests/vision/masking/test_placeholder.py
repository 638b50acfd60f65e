"""The notice in place of a picture that is masked as a whole."""

from __future__ import annotations

import numpy as np
import pytest

from vision.masking.placeholder import GREY, INK, placeholder


@pytest.mark.parametrize("shape", [(64, 64), (360, 640), (1080, 1920), (640, 360)])
def test_the_notice_fits_into_any_picture(shape: tuple[int, int]) -> None:
    picture = placeholder(shape, ("The picture is masked:", "masking is late"))
    assert picture.shape == (*shape, 3)
    ink = (picture != np.array(GREY)).any(axis=2)
    assert ink.any()
    assert not ink[0].any()
    assert not ink[-1].any()
    assert not ink[:, 0].any()
    assert not ink[:, -1].any()


def test_without_text_it_is_of_one_colour() -> None:
    assert (placeholder((48, 64), ()) == np.array(GREY)).all()


def test_it_is_grey_from_background_to_ink() -> None:
    picture = placeholder((120, 160), ("masked",))
    assert (picture[..., 0] == picture[..., 1]).all()
    assert (picture[..., 0] == picture[..., 2]).all()
    assert (int(picture.min()), int(picture.max())) == (GREY[0], INK[0])
