"""Pictures of people for the report, from the safe recording."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from discreet.results.report_pictures import GRID, SIDE, _around, _best, cut
from timeline import Segment, Track


def track(masked: bool, *boxes: Any) -> Track:
    return Track(id="t", start=0, end=9, masked=masked, boxes=list(boxes))


def test_a_shown_face_comes_before_a_larger_masked_one() -> None:
    assert _best([track(True, (1, 0, 0, 90, 90)), track(False, (2, 0, 0, 20, 20), (3, 0, 0, 30, 30))]) == (
        3,
        0,
        0,
        30,
        30,
    )


def test_somebody_without_a_box_has_no_picture() -> None:
    assert _best([track(True), track(False, (1, 5, 5, 0, 20))]) is None


def test_a_picture_is_taken_where_no_mouth_is_covered_if_there_is_one() -> None:
    seen = track(False, (1, 0, 0, 90, 90), (2, 0, 0, 20, 20))
    assert _best([seen], [Segment(0.5, 1.5)]) == (2, 0, 0, 20, 20)
    assert _best([seen], [Segment(0.5, 2.5)]) == (1, 0, 0, 90, 90)


sides = st.floats(1, 400)


@given(st.tuples(st.floats(-50, 700), st.floats(-50, 400), sides, sides))
def test_a_frame_is_a_square_on_a_grid_that_begins_in_the_picture(box: tuple[float, float, float, float]) -> None:
    x, y, width, height = _around(box, (640, 360))
    assert width == height
    assert width % GRID == 0
    assert x >= 0
    assert y >= 0
    assert x < 640
    assert y < 360


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 200))
def test_a_part_always_has_its_size_and_shows_only_the_picture(x: int, y: int, side: int) -> None:
    part = cut(np.full((48, 64, 3), 200, np.uint8), (x, y, side, side))
    assert part.shape == (SIDE, SIDE, 3)
    assert part.max() <= 200
