"""Lips: over a word that is taken out, the speaker's mouth is covered in the picture."""

import numpy as np

from discreet.pipeline.mouth_covers import AFTER, BEFORE, mouth_plan
from timeline import FaceTrack, Redaction


def face(id: str, x: float) -> FaceTrack:
    times = np.arange(0, 10, 0.04)
    boxes = np.tile(np.array([x, 100, 80, 100], np.float32), (len(times), 1))
    return FaceTrack(id, times, boxes, shown=np.ones(len(times), bool))


def cut(start: float, end: float, person: str | None, operator: str = "beep", kind: str = "word") -> Redaction:
    return Redaction(
        id=f"r{start}",
        kind=kind,
        start=start,
        end=end,
        person=person,
        operator=operator,
        reason="test",  # type: ignore[arg-type]
    )


FACES = [face("t1", 100), face("t2", 300)]
WHO = {"t1": "p1", "t2": "p2"}


def test_the_mouth_of_who_says_it_from_before_it_is_heard_until_after() -> None:
    plan = mouth_plan(FACES, [cut(2.0, 2.5, "p1")], WHO)
    assert [len(plan.boxes(t)) for t in (1.7, 2.0 - BEFORE + 0.01, 2.2, 2.5 + AFTER - 0.01, 2.8)] == [0, 1, 1, 1, 0]
    assert plan.boxes(2.2)[0][0] < 100


def test_everybody_where_nobody_knows_who_said_it() -> None:
    assert len(mouth_plan(FACES, [cut(2.0, 2.5, None)], WHO).boxes(2.2)) == 2
    assert len(mouth_plan(FACES, [cut(2.0, 2.5, "p9")], WHO).boxes(2.2)) == 2


def test_what_is_cut_out_and_what_is_no_word_cover_nothing() -> None:
    others = [
        cut(2.0, 2.5, "p1", "remove"),
        cut(2.0, 2.5, "p1", "mosaic", "face"),
        cut(2, 2.5, "p1", "convert", "voice"),
    ]
    assert len(mouth_plan(FACES, others, WHO).boxes(2.2)) == 0


def test_the_cover_does_not_flicker_between_two_words() -> None:
    plan = mouth_plan(FACES, [cut(2.0, 2.2, "p1"), cut(2.8, 3.0, "p1")], WHO)
    assert all(len(plan.boxes(t)) == 1 for t in np.arange(1.8, 3.1, 0.05))
