"""A spoilt picture shows a face where the measure says it is."""

import cv2
import numpy as np
import pytest

from evaluation.data.picture_conditions import CONDITIONS, Condition
from evaluation.runs.masking_conditions import Row, _moved
from vision import Detections


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: condition.name)
def test_a_mark_is_where_the_matrix_says(condition):
    picture = np.full((180, 320, 3), 30, np.uint8)
    cv2.circle(picture, (240, 60), 10, (250, 250, 250), -1)
    out = condition(picture, 0)
    width, height = condition.size(320, 180)
    assert out.shape == (height, width, 3)
    expected = condition.matrix(320, 180) @ [240, 60, 1]
    blurred = cv2.GaussianBlur(out[..., 0].astype(np.float32), (0, 0), 4)
    blurred -= cv2.GaussianBlur(out[..., 0].astype(np.float32), (0, 0), 30)
    y, x = np.unravel_index(blurred.argmax(), blurred.shape)
    assert np.hypot(x - expected[0], y - expected[1]) < 4


def test_a_box_that_turns_is_the_box_around_it():
    faces = Detections(
        np.array([[100, 50, 20, 40]], np.float32), np.full((1, 5, 2), 60, np.float32), np.ones(1, np.float32)
    )
    upright = _moved(faces, Condition("").matrix(320, 180))
    np.testing.assert_allclose(upright.boxes, faces.boxes)
    side = Condition("", turn=90)
    assert side.size(320, 180) == (180, 320)
    turned = _moved(faces, side.matrix(320, 180)).boxes[0]
    np.testing.assert_allclose(turned, [50, 200, 40, 20], atol=1e-3)
    mirrored = _moved(faces, Condition("", mirrored=True).matrix(320, 180)).boxes[0]
    np.testing.assert_allclose(mirrored, [199, 50, 20, 40], atol=1e-3)


def test_a_row_says_the_share_that_is_visible():
    assert str(Row(strangers=10, could=9, leaks=1, bare=2, enrolled=8, visible=6)).split() == [
        "1",
        "2",
        "9",
        "10",
        "75.0%",
    ]
