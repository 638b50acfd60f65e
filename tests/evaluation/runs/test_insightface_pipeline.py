"""Two pipelines' faces compared: landmarks by the eyes' distance, embeddings by their cosine."""

import numpy as np
import pytest

from evaluation.runs.insightface_pipeline import Face, compared


def face(angle: float, moved: float = 0.0) -> Face:
    points = np.array([[0, 0], [10, 0], [5, 5], [2, 9], [8, 9]], np.float32)
    return Face(points + moved * np.array([1, 0], np.float32), np.array([np.cos(angle), np.sin(angle)], np.float32))


def test_equal_faces_are_equal_and_two_people_are_apart() -> None:
    both = [[face(0.0)], [face(np.pi / 2)]]
    assert compared(both, both) == pytest.approx((0.0, 1.0, 0.0), abs=1e-6)


def test_the_worst_of_each_is_told_over_photos_in_which_both_find_a_face() -> None:
    one = [[face(0.0)], [face(1.0)], []]
    other = [[face(0.1, moved=2.0)], [face(1.0)], [face(0.0)]]
    assert compared(one, other) == pytest.approx((0.2, np.cos(0.1), np.cos(0.9)), abs=1e-6)
