"""What live masking and the offline scan share: completing a search, following faces, telling shadows and crossings."""

import numpy as np

from vision.detection.base import Detections
from vision.detection.multiscale import FaceSearch
from vision.frame_analyser import FrameAnalyser, same_place
from vision.settings import VisionSettings

SIZE = (640, 360)
BLANK = np.zeros((360, 640, 3), np.uint8)


def faces(*rows: tuple[float, float, float, float, float]) -> Detections:
    """Detections ``x, y, w, h, score``."""
    every = np.array(rows, np.float32).reshape(-1, 5)
    return Detections(every[:, :4].copy(), np.zeros((len(every), 5, 2), np.float32), every[:, 4].copy())


def analyser(calls: list[tuple[int, ...]] | None = None) -> FrameAnalyser:
    """One whose detector finds nothing and notes the shapes it was given."""

    def detector(picture: np.ndarray, threshold: float) -> Detections:
        if calls is not None:
            calls.append(picture.shape[:2])
        return Detections.none()

    settings = VisionSettings()
    return FrameAnalyser(FaceSearch(detector, settings.detect), settings, SIZE)


def test_where_a_face_is_expected_and_none_was_found_there_is_a_second_look() -> None:
    calls: list[tuple[int, ...]] = []
    one = analyser(calls)
    one.follow(0.0, faces((100, 100, 60, 80, 0.9)))
    one.expected(0.1, BLANK, faces((100, 100, 60, 80, 0.9)))
    assert not calls
    one.expected(0.1, BLANK, Detections.none())
    assert calls == [(192, 192)]


def test_two_faces_in_one_place_cross_and_a_face_beside_them_does_not() -> None:
    one = analyser()
    found = faces((100, 100, 60, 80, 0.9), (130, 100, 60, 80, 0.85), (400, 100, 60, 80, 0.9))
    assert [match.crossing for match in one.follow(0.0, found)] == [True, True, False]


def test_a_weak_detection_on_a_much_better_one_is_its_shadow_and_no_crossing() -> None:
    one = analyser()
    matches = one.follow(0.0, faces((100, 100, 60, 80, 0.9), (110, 150, 30, 30, 0.4)))
    assert [match.track.shadow for match in matches] == [False, True]
    assert not matches[0].crossing


def test_a_shot_change_is_found_in_a_reduced_picture_and_ends_the_track() -> None:
    one = analyser()
    one.follow(0.0, faces((100, 100, 80, 80, 0.9)))
    noise = np.random.default_rng(1)
    before, after = (noise.integers(0, 255, (180, 320, 3)).astype(np.uint8) for _ in range(2))
    assert one.cut(0.0, before, 2.0) == set()
    assert one.cut(0.04, before, 2.0) == set()
    cut = one.cut(0.08, after, 2.0)
    assert cut == {1}
    assert one.shot_change.changed
    one.end(cut)
    assert not one.live


def test_boxes_are_in_one_place_where_they_mostly_overlap() -> None:
    box = np.array([0, 0, 10, 10], np.float32)
    assert same_place(box, box + np.array([2, 0, 0, 0], np.float32))
    assert not same_place(box, box + np.array([8, 0, 0, 0], np.float32))
