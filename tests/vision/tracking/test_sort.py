"""SORT on made-up boxes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.detection.base import Detections
from vision.settings import DetectSettings, TrackSettings
from vision.tracking.sort import Motion, Sort

SIZE = (1280, 720)


def found(*boxes: tuple[float, float, float, float], score: float = 0.9) -> Detections:
    array = np.asarray(boxes, np.float32).reshape(-1, 4)
    return Detections(array, np.zeros((len(array), 5, 2), np.float32), np.full(len(array), score, np.float32))


def tracker(size: tuple[int, int] = SIZE) -> Sort:
    return Sort(size, DetectSettings(), TrackSettings())


@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(30, 200), st.floats(0.04, 0.2))
def test_a_steady_face_keeps_its_number(vx: float, vy: float, side: float, step: float) -> None:
    sort = tracker()
    numbers = set()
    for i in range(12):
        for match in sort.update(found((600 + vx * i, 300 + vy * i, side, side * 1.2)), i * step):
            numbers.add(match.track.number)
    assert numbers == {1}


@given(st.floats(0.1, 4.0))
def test_resolution_does_not_matter(scale: float) -> None:
    small, large = tracker(), tracker((round(1280 * scale), round(720 * scale)))
    factor = round(1280 * scale) / 1280
    for i in range(6):
        box = np.array([300 + 9 * i, 200 - 4 * i, 80 + i, 100], np.float32)
        a = small.update(found(tuple(box)), i * 0.12)
        b = large.update(found(tuple(box * factor)), i * 0.12)
        assert [m.track.number for m in a] == [m.track.number for m in b]
    assert np.allclose(small.predict(0.8) * factor, large.predict(0.8), rtol=1e-3, atol=1e-2)


def test_a_lost_face_is_expected_where_it_was_heading_and_found_again() -> None:
    sort = tracker()
    for i in range(10):
        sort.update(found((100 + 10 * i, 300, 80, 100)), i * 0.1)
    assert sort.update(found(), 1.0) == []
    expected = sort.predict(1.4)[0]
    assert expected[0] == pytest.approx(240, abs=15)
    (match,) = sort.update(found((240, 300, 80, 100)), 1.4)
    assert match.track.number == 1
    assert not match.new


def test_a_face_lost_for_too_long_is_forgotten() -> None:
    sort = tracker()
    sort.update(found((100, 100, 80, 100)), 0.0)
    sort.update(found((100, 100, 80, 100)), 0.1)
    sort.update(found(), 1.5)
    (match,) = sort.update(found((100, 100, 80, 100)), 1.6)
    assert match.new
    assert match.track.number == 2


def test_a_weak_detection_continues_a_track_but_begins_none() -> None:
    sort = tracker()
    assert sort.update(found((100, 100, 80, 100), score=0.22), 0.0) == []
    sort.update(found((100, 100, 80, 100)), 0.1)
    (match,) = sort.update(found((102, 100, 80, 100), score=0.22), 0.2)
    assert match.track.number == 1
    assert not match.new


def test_a_strong_detection_chooses_before_a_weak_one() -> None:
    sort = tracker()
    sort.update(found((100, 100, 80, 100)), 0.0)
    both = found((100, 100, 80, 100), (110, 104, 80, 100))
    mixed = Detections(both.boxes, both.landmarks, np.array([0.22, 0.9], np.float32))
    matches = sort.update(mixed, 0.1)
    assert [(m.track.number, m.index) for m in matches] == [(1, 1)]


def test_faces_that_cross_are_marked_and_those_apart_are_not() -> None:
    sort = tracker()
    seen = []
    for i in range(20):
        matches = sort.update(found((100 + 20 * i, 300, 80, 100), (480 - 20 * i, 300, 80, 100)), i * 0.1)
        seen.append(any(m.crossing for m in matches))
    assert not seen[0]
    assert not seen[-1]
    assert seen[9]
    assert seen[10]


def test_a_lost_face_still_makes_the_one_in_its_place_a_crossing() -> None:
    sort = tracker()
    for i in range(5):
        sort.update(found((300, 300, 80, 100), (500 - 20 * i, 300, 80, 100)), i * 0.1)
    (match,) = sort.update(found((400, 300, 80, 100)), 0.5)
    assert not match.crossing
    (match,) = sort.update(found((350, 300, 80, 100)), 0.6)
    assert match.crossing


def test_a_cut_makes_the_same_box_a_new_face() -> None:
    sort = tracker()
    sort.update(found((100, 100, 80, 100)), 0.0)
    sort.update(found((100, 100, 80, 100)), 0.1)
    sort.end({1})
    (match,) = sort.update(found((100, 100, 80, 100)), 0.2)
    assert match.new


@given(st.lists(st.tuples(st.floats(0, 1200), st.floats(0, 650), st.floats(2, 400), st.floats(2, 400)), max_size=8))
def test_every_strong_detection_belongs_to_exactly_one_track(boxes: list[tuple[float, float, float, float]]) -> None:
    sort = tracker()
    for i in range(3):
        matches = sort.update(found(*boxes), i * 0.1)
        assert sorted(m.index for m in matches) == list(range(len(boxes)))
        assert len({m.track.number for m in matches}) == len(boxes)


@given(st.floats(0, 3), st.floats(-30, 30))
def test_predictions_stay_finite(away: float, shrink: float) -> None:
    motion = Motion(np.array([100, 100, 60, 60]), 0.0)
    for i in range(1, 4):
        motion.see(np.array([100, 100, max(3, 60 - shrink * i), max(3, 60 - shrink * i)]), 0.1 * i)
    box = motion.at(0.3 + away)
    assert np.isfinite(box).all()
    assert (box[2:] > 0).all()


def weak_beside(face: tuple[float, float, float, float], half: tuple[float, float, float, float]) -> Detections:
    both = found(face, half)
    return Detections(both.boxes, both.landmarks, np.array([0.92, 0.6], np.float32))


def test_a_face_does_not_cross_its_own_shadow_but_the_shadow_crosses_it() -> None:
    sort = tracker()
    for i in range(4):
        face, half = sort.update(weak_beside((300, 300, 100, 120), (340, 320, 70, 100)), i * 0.1)
        assert not face.crossing
        assert half.crossing
    (face,) = sort.update(found((300, 300, 100, 120)), 0.5)
    assert not face.crossing, "nor one that is lost"
