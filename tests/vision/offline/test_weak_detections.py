"""Weak detections beside a shown face: only what is that face's is given up."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from timeline import FaceTrack
from vision.offline.weak_detections import is_weak, suppress
from vision.tracking.tracklet import Tracklet

TIMES = np.arange(0, 1, 0.04)
FACE = (300.0, 300.0, 100.0, 120.0)


def track(box: tuple[float, ...], shown: bool = False) -> FaceTrack:
    rows = np.tile(np.asarray(box, np.float32), (len(TIMES), 1))
    return FaceTrack("t", TIMES, rows, shown=np.full(len(TIMES), shown))


def record(score: float, shadow: bool, quality: float) -> Tracklet:
    out = Tracklet(1)
    for t in TIMES:
        out.see(float(t), np.asarray(FACE, np.float32), score, False, shadow)
    out.recognise(0.0, np.ones(4, np.float32), quality)
    return out


def test_only_a_poor_shadow_without_a_good_crop_is_weak() -> None:
    assert is_weak([record(0.6, True, 0.1)], 0.3)
    assert not is_weak([record(0.75, True, 0.1)], 0.3)
    assert not is_weak([record(0.6, False, 0.1)], 0.3)
    assert not is_weak([record(0.6, True, 0.5)], 0.3)


def test_a_chin_in_a_shown_face_is_part_of_it() -> None:
    assert suppress(track((330, 370, 50, 50)), [track(FACE, shown=True)]) is None


def test_nothing_gives_way_to_a_face_that_is_masked() -> None:
    chin = track((330, 370, 50, 50))
    kept = suppress(chin, [track(FACE)])
    assert kept is not None
    assert np.array_equal(kept.boxes, chin.boxes)


def test_where_the_face_is_shown_in_some_frames_only_the_chin_stays_masked() -> None:
    face = FaceTrack("f", TIMES, track(FACE).boxes, shown=TIMES < 0.5)
    chin = track((330, 370, 50, 50))
    kept = suppress(chin, [face])
    assert kept is not None
    assert np.array_equal(kept.boxes, chin.boxes)


@given(st.floats(150, 500), st.floats(150, 500), st.floats(20, 150), st.floats(20, 150))
def test_all_that_lies_beside_the_shown_face_on_the_weak_one_s_side_stays(
    x: float, y: float, w: float, h: float
) -> None:
    before = np.array([x, y, w, h])
    kept = suppress(track((x, y, w, h)), [track(FACE, shown=True)])
    if kept is None:
        return
    left = kept.boxes[0]
    middle = before[:2] + before[2:] / 2
    assert (left[:2] <= middle + 1e-3).all()
    assert (left[:2] + left[2:] >= middle - 1e-3).all()
    assert (left[:2] >= before[:2] - 1e-3).all()
    assert (left[:2] + left[2:] <= before[:2] + before[2:] + 1e-3).all()
