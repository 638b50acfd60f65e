"""Whether a face speaks follows from its lips and from its person's turns."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarization.fusion.speaking_faces import score_speaking_faces
from timeline import FaceTrack, Turn

TIMES = np.arange(0.0, 4.0, 0.04)
SCORES = st.floats(0.0, 1.0)


def face(scores: float | np.ndarray, id: str = "t1") -> FaceTrack:
    row = np.full(len(TIMES), scores) if np.isscalar(scores) else np.asarray(scores)
    return FaceTrack(id, TIMES, np.zeros((len(TIMES), 4), np.float32), speaking_times=TIMES, speaking=row)


def turn(start: float, end: float, person: str = "p1", confidence: float = 0.95) -> Turn:
    return Turn(start=start, end=end, person=person, confidence=confidence)


def fused(scores: float | np.ndarray, *turns: Turn, person: str | None = "p1") -> np.ndarray:
    (track,) = score_speaking_faces([face(scores)], turns, {} if person is None else {"t1": person})
    assert np.array_equal(track.speaking_times, TIMES)
    return track.speaking


@given(SCORES)
def test_a_face_speaks_in_its_persons_turns_and_not_outside_them(score: float) -> None:
    """Whatever the lips say: a turn of which the diarizer is sure counts for more."""
    found = fused(score, turn(1.0, 2.0), turn(2.5, 3.0, "p2"))
    inside = (TIMES >= 1.0) & (TIMES < 2.0)
    assert (found[inside] > 0.5).all()
    assert (found[~inside] < 0.5).all()


@given(SCORES, SCORES)
def test_livelier_lips_never_make_it_less_likely(one: float, other: float) -> None:
    low, high = sorted((one, other))
    turns = turn(1.0, 2.0), turn(3.0, 3.5, confidence=0.3)
    assert (fused(low, *turns) <= fused(high, *turns)).all()


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_surer_turn_never_makes_it_less_likely(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert (fused(0.5, turn(1, 2, confidence=low)) <= fused(0.5, turn(1, 2, confidence=high))).all()


def test_a_doubtful_turn_leaves_it_to_the_lips() -> None:
    found = fused(np.where(TIMES < 1.5, 0.9, 0.1), turn(1.0, 2.0, confidence=0.5))
    assert found[TIMES == 1.2] > 0.5 > found[TIMES == 1.8]


@pytest.mark.parametrize("person", [None, "p3"])
def test_a_face_without_a_voice_speaks_less_likely_than_its_lips_say(person: str | None) -> None:
    assert (fused(0.9, turn(1.0, 2.0), person=person) < 0.5).all()


def test_everything_else_of_a_track_stays_and_a_track_without_scores_has_none() -> None:
    silent = FaceTrack("t2", TIMES, np.zeros((len(TIMES), 4), np.float32))
    one, other = score_speaking_faces([face(0.5), silent], [turn(1, 2)], {"t1": "p1", "t2": "p1"})
    assert (one.id, other.id, len(other.speaking)) == ("t1", "t2", 0)
    assert np.array_equal(one.boxes, face(0.5).boxes)
