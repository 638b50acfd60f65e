"""The drawn face: no pixel of the picture beneath is used."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vision.masking.avatar import Avatar
from vision.masking.settings import OPEN
from vision.settings import MaskSettings

BOX = np.array([[20, 10, 60, 80]], np.float32)


def drawn(value: int, boxes: np.ndarray = BOX, speaking: np.ndarray | None = None) -> np.ndarray:  # type: ignore[type-arg]
    picture = np.full((120, 160, 3), value, np.uint8)
    Avatar(MaskSettings())(picture, boxes, speaking)
    return picture


@settings(max_examples=30)
@given(a=st.integers(0, 255), b=st.integers(0, 255), x=st.integers(-50, 150), y=st.integers(-50, 110))
def test_what_is_drawn_does_not_depend_on_what_was_there(a: int, b: int, x: int, y: int) -> None:
    boxes = np.array([[x, y, 60, 80]], np.float32)
    rows, columns = slice(max(0, y), max(0, y + 80)), slice(max(0, x), max(0, x + 60))
    assert np.array_equal(drawn(a, boxes)[rows, columns], drawn(b, boxes)[rows, columns])


def test_everything_outside_the_box_stays() -> None:
    picture = drawn(7)
    picture[10:90, 20:80] = 7
    assert (picture == 7).all()


@pytest.mark.parametrize("score", [0.0, OPEN - 0.01, OPEN, 1.0])
def test_the_mouth_is_open_for_whoever_speaks(score: float) -> None:
    closed, now = drawn(0, speaking=np.array([0.0])), drawn(0, speaking=np.array([score]))
    assert np.array_equal(closed, now) == (score < OPEN)


def test_scores_that_do_not_fit_the_boxes_are_not_used() -> None:
    assert np.array_equal(drawn(0, speaking=np.array([1.0, 1.0])), drawn(0))
