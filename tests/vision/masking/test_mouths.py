"""Mouths: covered while the word is taken out, of who says it; of everybody who is shown where nobody knows who."""

import numpy as np
import pytest

from timeline import FaceTrack, Segment
from vision import MouthPlan

SPAN = Segment(2.0, 3.0)


def face(id: str, x: float, shown: bool = True, speaking: float = 0.1, end: float = 10.0) -> FaceTrack:
    times = np.arange(0, end, 0.04)
    boxes = np.tile(np.array([x, 100, 80, 100], np.float32), (len(times), 1))
    marks = np.full(len(times), shown)
    return FaceTrack(id, times, boxes, shown=marks, speaking_times=times, speaking=np.full(len(times), speaking))


def covered(plan: MouthPlan, t: float) -> list[float]:
    """The left edges of the faces whose mouths are covered at ``t``, px."""
    return sorted(round(float(box[0] + 0.12 * 80)) for box in plan.boxes(t))


FACES = [face("t1", 100), face("t2", 300), face("t3", 500, shown=False)]


def test_the_lower_half_of_the_speakers_face_and_nothing_else() -> None:
    plan = MouthPlan(FACES, [(SPAN, ["t1"])])
    (box,) = plan.boxes(2.5)
    x, y, w, h = box
    assert x < 100 < 180 < x + w
    assert y == pytest.approx(150)
    assert y + h > 200
    assert len(plan.boxes(1.9)) == len(plan.boxes(3.0)) == 0


def test_all_shown_faces_where_nobody_knows_who_speaks() -> None:
    assert covered(MouthPlan(FACES, [(SPAN, [])]), 2.5) == [100, 300]


def test_all_shown_faces_where_the_speaker_is_out_of_the_picture() -> None:
    left = [*FACES[:2], face("t4", 700, end=1.0)]
    assert covered(MouthPlan(left, [(SPAN, ["t4"])]), 2.5) == [100, 300]


def test_a_masked_speaker_needs_no_more() -> None:
    assert covered(MouthPlan(FACES, [(SPAN, ["t3"])]), 2.5) == []


def test_whose_lips_move_is_covered_whoever_is_thought_to_speak() -> None:
    faces = [FACES[0], face("t2", 300, speaking=0.8)]
    assert covered(MouthPlan(faces, [(SPAN, ["t1"])]), 2.5) == [100, 300]


def test_a_face_that_moves_is_covered_where_it_was_and_will_be() -> None:
    times = np.arange(0, 10, 0.04)
    boxes = np.stack(
        [100 + 200 * times, np.full_like(times, 100), np.full_like(times, 80), np.full_like(times, 100)], 1
    )
    plan = MouthPlan(
        [FaceTrack("t1", times, boxes.astype(np.float32), shown=np.ones(len(times), bool))], [(SPAN, ["t1"])]
    )
    for t in (2.0, 2.02, 2.5):
        x, _, w, _ = plan.boxes(t)[0]
        assert x <= 100 + 200 * t <= 100 + 200 * t + 80 <= x + w


def test_two_words_at_once_cover_both() -> None:
    plan = MouthPlan(FACES, [(SPAN, ["t1"]), (Segment(2.4, 4.0), ["t2"])])
    assert covered(plan, 2.2) == [100]
    assert covered(plan, 2.6) == [100, 300]
    assert covered(plan, 3.5) == [300]
