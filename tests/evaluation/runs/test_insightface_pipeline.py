"""Two pipelines' faces compared: landmarks by the eyes' distance, embeddings by their cosine."""

import numpy as np
import pytest

from evaluation.runs.insightface_pipeline import Comparison, Face, compared


def face(angle: float, moved: float = 0.0) -> Face:
    points = np.array([[0, 0], [10, 0], [5, 5], [2, 9], [8, 9]], np.float32)
    return Face(points + moved * np.array([1, 0], np.float32), np.array([np.cos(angle), np.sin(angle)], np.float32))


def test_equal_faces_are_equal_and_two_people_are_apart() -> None:
    both = [[face(0.0)], [face(np.pi / 2)]]
    found = compared(both, both)
    assert (found.both, found.apart) == (2, (0.0, 0.0))
    assert (*found.same, found.others) == pytest.approx((1.0, 1.0, 0.0), abs=1e-6)


def test_the_worst_of_each_is_told_over_faces_that_both_find() -> None:
    one = [[face(0.0)], [face(1.0)], []]
    other = [[face(0.1, moved=2.0)], [face(1.0)], [face(0.0)]]
    found = compared(one, other)
    assert found.both == 2
    assert found.apart == pytest.approx((0.1, 0.2))
    assert (found.same[1], found.others) == pytest.approx((np.cos(0.1), np.cos(0.9)), abs=1e-6)


def test_each_face_is_compared_with_the_one_in_its_place_whatever_the_order() -> None:
    left, right = face(0.0), face(1.0, moved=100.0)
    found = compared([[left, right]], [[right, left]])
    assert (found.both, found.apart[1], found.same[1]) == pytest.approx((2, 0.0, 1.0))


def test_faces_in_other_places_are_no_pair() -> None:
    assert compared([[face(0.0)]], [[face(0.0, moved=11.0)]]) == Comparison(0, (0.0, 0.0), (1.0, 1.0), -1.0)
