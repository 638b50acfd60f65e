"""Lips in time with a voice tell whose it is; lips that only move do not."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarization import Diarization, EnrolledPerson, fuse
from diarization.fusion.settings import LEAST_VALUES, MOST_EVIDENCE, SURE_SYNCHRONY
from diarization.fusion.synchrony import OWN, synchrony_ratio
from timeline import FaceTrack, Segment, Turn


def track(values: np.ndarray, start: float = 0.0) -> FaceTrack:
    times = start + np.arange(len(values)) / 25
    boxes = np.zeros((len(times), 4), np.float32)
    return FaceTrack("t1", times, boxes, speaking_times=times, speaking=np.zeros(len(times)), synchrony=values)


def turn(start: float, end: float) -> Turn:
    return Turn(start=start, end=end, person="S1")


def test_lips_in_time_speak_for_the_face() -> None:
    assert synchrony_ratio([track(np.full(250, OWN))], [turn(0, 10)]) > 3


@given(st.floats(-2, 2), st.integers(1, 2000))
def test_what_could_be_chance_tells_nothing(mean: float, crops: int) -> None:
    """A listener's lips fit a voice now and then: they must not give a stranger's voice a name."""
    ratio = synchrony_ratio([track(np.full(crops, mean))], [turn(0, 100)])
    assert ratio == 0 or ratio >= SURE_SYNCHRONY


@pytest.mark.parametrize("mean", [1e-6, -0.1])
def test_lips_out_of_time_tell_nothing(mean: float) -> None:
    """So are those of a face that is hard to see, and all of them where sound and picture are out of step."""
    assert synchrony_ratio([track(np.full(250, mean))], [turn(0, 10)]) == 0


@given(st.floats(-2, 2), st.integers(1, 2000))
def test_lips_alone_are_never_certain(mean: float, crops: int) -> None:
    assert 0 <= synchrony_ratio([track(np.full(crops, mean))], [turn(0, 100)]) <= MOST_EVIDENCE


@given(st.floats(0.15, 0.5))
def test_more_speech_is_more_evidence(mean: float) -> None:
    long, short = (synchrony_ratio([track(np.full(n, mean))], [turn(0, 100)]) for n in (400, 40))
    assert long >= short


def test_only_the_voices_turns_count() -> None:
    values = np.where(np.arange(500) < 250, OWN, 1e-6)
    assert synchrony_ratio([track(values)], [turn(0, 10)]) > 0 == synchrony_ratio([track(values)], [turn(10.1, 20)])


@pytest.mark.parametrize("values", [np.zeros(0), np.zeros(250), np.full(LEAST_VALUES - 1, OWN)])
def test_what_was_not_measured_tells_nothing(values: np.ndarray) -> None:
    times = np.arange(max(len(values), 1)) / 25
    face = FaceTrack("t1", times, np.zeros((len(times), 4), np.float32))
    face = face.with_speaking(times[: len(values)], values, values) if len(values) else face
    assert synchrony_ratio([face], [turn(0, 10)]) == 0


def test_a_recognised_face_in_time_with_a_voice_names_it_though_lips_move_all_the_time() -> None:
    """Both faces' lips move throughout, so only the synchrony tells whose voice it is; nobody has a voice template."""
    times = np.arange(0, 40, 0.04)
    first = (times % 20) < 10
    faces = [
        FaceTrack(
            f"t{i}",
            times,
            np.tile(np.array([100 + 300 * i, 100, 80, 80], np.float32), (len(times), 1)),
            enrolled="a" if i == 0 else None,
            similarity=0.7,
            embedding=np.eye(4, dtype=np.float32)[i],
            speaking_times=times,
            speaking=np.full(len(times), 0.8),
            synchrony=np.where(first if i == 0 else ~first, OWN, 1e-6),
        )
        for i in range(2)
    ]
    turns = [Turn(start=s, end=s + 10, person="AB"[i % 2], confidence=0.9) for i, s in enumerate((0, 10, 20, 30))]
    voices = {label: np.eye(4, dtype=np.float32)[i] for i, label in enumerate("AB")}
    heard = Diarization(turns, voices, [Segment(0, 40)], "none")
    answers = SimpleNamespace(seen=True, heard=True, quoted=True, named=True)
    found = fuse(heard, faces, None, {"a": EnrolledPerson("Ada", answers)})
    (named,) = [person.id for person in found.people if person.name == "Ada"]
    assert [(t.start, t.end) for t in found.turns if t.person == named] == [(0, 10), (20, 30)]
    silent = fuse(
        heard, [f.with_speaking(times, f.speaking) for f in faces], None, {"a": EnrolledPerson("Ada", answers)}
    )
    assert not any(silent.enrolled.get(turn.person) for turn in silent.turns)
