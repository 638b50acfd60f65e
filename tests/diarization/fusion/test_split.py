"""Two voices in one cluster are two where two mouths say so, and one voice stays one, whatever mouths do."""

from dataclasses import replace

import numpy as np
import pytest

from diarization import Diarization, Subsegments
from diarization.fusion.lip_sync import Face
from diarization.fusion.split import split_by_lips
from timeline import FaceTrack, Turn

TALK = [(0, 6, 0), (6, 10, 1), (10, 14, 0), (16, 22, 1), (22, 30, 0)]


def face(id, speaks, start=0.0, end=30.0):
    times = np.arange(start, end, 0.04)
    score = np.full(len(times), 0.1)
    for a, b in speaks:
        score[(times >= a) & (times < b)] = 0.9
    boxes = np.zeros((len(times), 4), np.float32)
    return Face((FaceTrack(id, times, boxes, speaking_times=times, speaking=score),), None)


def spans(who):
    return [(a, b) for a, b, w in TALK if w == who]


def swallowed(apart, seed=0):
    """One cluster of two people whose voices have a cosine of ``1 - apart``, in noisy pieces of a second."""
    rng = np.random.default_rng(seed)
    angle = np.arccos(1 - apart)
    voices = np.zeros((2, 32))
    voices[0, 0], voices[1, :2] = 1.0, (np.cos(angle), np.sin(angle))
    rows = [(s, s + 1.0, who) for start, end, who in TALK for s in np.arange(start, end, 1.0)]
    vectors = voices[[who for *_, who in rows]] + rng.normal(0, 0.1, (len(rows), 32))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    turns = [Turn(start=0, end=14, person="S1", confidence=0.9), Turn(start=16, end=30, person="S1", confidence=0.9)]
    pieces = Subsegments(np.array([r[:2] for r in rows]), vectors.astype(np.float32), np.zeros(len(rows), bool))
    mean = vectors.mean(axis=0)
    return Diarization(turns, {"S1": (mean / np.linalg.norm(mean)).astype(np.float32)}, [], "v", pieces)


def said(diarization):
    return [(t.start, t.end, t.person) for t in diarization.turns]


@pytest.mark.parametrize("seed", range(4))
def test_two_mouths_and_two_voices_are_two(seed):
    found = split_by_lips(swallowed(0.9, seed), [face("t1", spans(0)), face("t2", spans(1))])
    assert said(found) == [(0, 6, "S1"), (6, 10, "S2"), (10, 14, "S1"), (16, 22, "S2"), (22, 30, "S1")]
    assert abs(float(found.embeddings["S1"] @ found.embeddings["S2"])) < 0.3


def test_a_listeners_mouth_that_moves_does_not_take_what_another_voice_said():
    """The second one is out of sight at first, and the first one chews while they talk."""
    chews = face("t1", [*spans(0), (6, 10)])
    found = split_by_lips(swallowed(0.9), [chews, face("t2", spans(1), start=14), face("t3", [(25, 30)])])
    assert said(found) == [(0, 6, "S1"), (6, 10, "S2"), (10, 14, "S1"), (16, 22, "S2"), (22, 30, "S1")]


def test_what_no_mouth_was_seen_for_goes_by_voice():
    found = split_by_lips(swallowed(0.9), [face("t1", spans(0), end=16), face("t2", spans(1), end=16)])
    assert said(found)[-2:] == [(16, 22, "S2"), (22, 30, "S1")]


@pytest.mark.parametrize("seed", range(4))
def test_one_voice_stays_one_though_two_mouths_move(seed):
    """A dubbed voice, or a listener who mouths along."""
    one = swallowed(0.0, seed)
    assert split_by_lips(one, [face("t1", spans(0)), face("t2", spans(1))]) is one


def test_two_tracks_that_are_never_on_screen_together_may_be_one_person():
    two = swallowed(0.9)
    assert split_by_lips(two, [face("t1", spans(0), end=6), face("t2", spans(1), start=6)]) is two


def test_nothing_to_tell_by_changes_nothing():
    two = swallowed(0.9)
    still = [face("t1", []), face("t2", [])]
    assert split_by_lips(two, still) is two
    assert split_by_lips(two, [face("t1", spans(0))]) is two
    bare = Diarization(two.turns, two.embeddings, [], "v")
    assert split_by_lips(bare, [face("t1", spans(0)), face("t2", spans(1))]) is bare


def test_where_one_of_two_may_have_spoken_both_may():
    doubt = Turn(start=40, end=41, person="S1", overlap=True)
    two = replace(swallowed(0.9), possible=(doubt, doubt.model_copy(update={"person": "S7"})))
    found = split_by_lips(two, [face("t1", spans(0)), face("t2", spans(1))])
    assert len(found.embeddings) == 2
    assert {turn.person for turn in found.possible} == {*found.embeddings, "S7"}
