"""Turns by lips alone: at each moment whoever's lips say most, if they say enough."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarization import Fusion
from evaluation.runs.speaker_identification import by_lips
from timeline import FaceTrack

STEP = 0.04
SCORES = st.lists(st.sampled_from([0.1, 0.4, 0.6, 0.9]), min_size=1, max_size=30)


def track(id: str, scores: list[float]) -> FaceTrack:
    times = np.arange(len(scores)) * STEP + STEP / 2
    return FaceTrack(
        id, times, np.ones((len(times), 4), np.float32), speaking_times=times, speaking=np.array(scores, np.float64)
    )


def fused(*ids: str) -> Fusion:
    return Fusion([], [], {f"t{id[1:]}": id for id in ids})


@given(SCORES, SCORES)
def test_the_highest_score_speaks_and_turns_never_overlap(one: list[float], two: list[float]) -> None:
    duration = STEP * 32
    turns = by_lips([track("t1", one), track("t2", two)], fused("p1", "p2"), duration)
    spoken = sorted(turns, key=lambda turn: turn.start)
    assert all(a.end <= b.start + 1e-9 for a, b in pairwise(spoken))
    for frame in range(32):
        scores = {person: score[frame] for person, score in (("p1", one), ("p2", two)) if frame < len(score)}
        best = max(scores.values(), default=0.0)
        middle = (frame + 0.5) * STEP
        said = {turn.person for turn in turns if turn.start <= middle < turn.end}
        assert len(said) == (best > 0.5)
        assert all(scores[person] == best for person in said)


def test_a_face_that_belongs_to_nobody_says_nothing() -> None:
    assert by_lips([track("t9", [0.9] * 10)], fused("p1"), 1.0) == []


def test_the_last_turn_ends_with_the_recording() -> None:
    (turn,) = by_lips([track("t1", [0.9] * 10)], fused("p1"), 0.39)
    assert (turn.start, turn.end) == (0.0, pytest.approx(0.39))
