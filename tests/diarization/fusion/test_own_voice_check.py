"""No cluster that is named by voice holds seconds of another voice, whatever the number of speakers is said to be."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarization.base import Diarization, Subsegments
from diarization.fusion.identification import identify
from diarization.fusion.own_voice_check import Checked, split_by_template
from diarization.fusion.people import EnrolledPerson, fuse
from diarization.settings import FusionSettings
from registered import Answers, Gallery
from timeline import FloatArray, Segment, Turn

RULES = FusionSettings()
WIDE = 192
PIECE = 1.6
"""Seconds of a piece, one beginning every half of it, as the diarizer cuts them."""


def voice(axis: int, noise: np.random.Generator | None = None) -> FloatArray:
    """The embedding of a voice; with ``noise``, of a piece of it, at a cosine of about .55."""
    out = np.zeros(WIDE)
    out[axis] = 1.0
    if noise is not None:
        out += noise.normal(0, 1.5 / WIDE**0.5, WIDE)
    return np.asarray(out / np.linalg.norm(out), np.float32)


GALLERY = Gallery.of("m", [("ada", {"m": voice(0)[None]}, {"m": np.ones(1, np.float32)})])


def one_cluster(
    spoken: list[tuple[int, float]], piece: Callable[[int, np.random.Generator], FloatArray] = voice
) -> Diarization:
    """Turns ``(voice, seconds)`` one after the other, a second apart, all of one cluster; ``piece``: embeds a piece."""
    random, at = np.random.default_rng(3), 0.0
    turns: list[Turn] = []
    spans: list[tuple[float, float]] = []
    vectors: list[FloatArray] = []
    for axis, seconds in spoken:
        turns.append(Turn(start=round(at, 3), end=round(at + seconds, 3), person="S1", confidence=0.95))
        for start in np.arange(at, at + seconds - PIECE + 1e-6, PIECE / 2):
            spans.append((float(start), float(start) + PIECE))
            vectors.append(piece(axis, random))
        at += seconds + 1
    pieces = Subsegments(np.array(spans), np.stack(vectors), np.zeros(len(spans), np.bool_))
    mean = np.sum(vectors, axis=0)
    speech = [Segment(turn.start, turn.end) for turn in turns]
    return Diarization(turns, {"S1": np.asarray(mean / np.linalg.norm(mean), np.float32)}, speech, "m", pieces)


def seconds_of_others(found: Diarization, spoken: list[tuple[int, float]]) -> float:
    """Seconds of other voices in the turns of the first cluster."""
    others, at = 0.0, 0.0
    for axis, seconds in spoken:
        mine = [turn for turn in found.turns if turn.person == "S1"]
        if axis:
            others += sum(max(0.0, min(t.end, at + seconds) - max(t.start, at)) for t in mine)
        at += seconds + 1
    return others


@given(
    spoken=st.lists(st.tuples(st.integers(1, 4), st.sampled_from([3.2, 4.8, 8.0])), min_size=1, max_size=5).map(
        lambda others: [part for other in others for part in ((0, 12.0), other)]
    )
)
def test_other_voices_are_taken_out(spoken: list[tuple[int, float]]) -> None:
    before = one_cluster(spoken)
    found = split_by_template(before, GALLERY, RULES).diarization
    assert seconds_of_others(found, spoken) == pytest.approx(0, abs=0.1)
    kept = sum(turn.end - turn.start for turn in found.turns if turn.person == "S1")
    assert kept >= 0.95 * sum(seconds for axis, seconds in spoken if axis == 0)
    assert sum(t.end - t.start for t in found.turns) == pytest.approx(sum(t.end - t.start for t in before.turns))


@pytest.mark.parametrize("gallery", [None, GALLERY])
def test_a_single_voice_is_left_as_it_was(gallery: Gallery | None) -> None:
    before = one_cluster([(0, 12.0), (0, 4.0)])
    assert split_by_template(before, gallery, RULES) == Checked(before)


def test_a_cluster_that_is_nobodys_is_left_as_it_was() -> None:
    before = one_cluster([(1, 12.0), (2, 4.0)])
    assert split_by_template(before, GALLERY, RULES) == Checked(before)


def a_little_like_ada(axis: int, noise: np.random.Generator) -> FloatArray:
    """The embedding of a stranger's piece at a cosine of .2 to Ada's template."""
    return np.asarray(0.2 * voice(0) + 0.96**0.5 * voice(axis), np.float32)


def test_strangers_who_are_like_somebody_only_on_the_mean_are_not_that_person() -> None:
    strangers = one_cluster([(axis, 4.8) for axis in range(1, 16)], a_little_like_ada)
    assert identify(strangers.embeddings["S1"], 60.0, GALLERY, RULES).match == "ada"
    assert split_by_template(strangers, GALLERY, RULES).unlike == {"S1"}
    everything = {"ada": EnrolledPerson("Ada", Answers(True, True, True, True))}
    fusion = fuse(strangers, [], GALLERY, everything)
    assert [person.heard for person in fusion.people] == [False]


def test_a_stranger_in_the_cluster_of_somebody_who_may_be_heard_is_not_heard() -> None:
    everything = {"ada": EnrolledPerson("Ada", Answers(True, True, True, True))}
    fusion = fuse(one_cluster([(0, 20.0), (1, 6.0)]), [], GALLERY, everything)
    heard = {person.id for person in fusion.people if person.heard}
    assert {turn.person in heard for turn in fusion.turns if turn.end <= 20} == {True}
    assert {turn.person in heard for turn in fusion.turns if turn.start > 20.5} == {False}
