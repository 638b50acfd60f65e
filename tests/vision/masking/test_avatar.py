"""The drawn face: no pixel of the picture beneath is used."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vision.masking.avatar import Avatar
from vision.masking.coverage import pixels
from vision.masking.factory import masker
from vision.masking.settings import OPEN
from vision.settings import MaskSettings

RNG = np.random.default_rng(5)
BOX = np.array([[20, 10, 60, 80]], np.float32)


def noise(height: int = 240, width: int = 320) -> np.ndarray:
    return RNG.integers(0, 256, (height, width, 3), dtype=np.uint8)


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
