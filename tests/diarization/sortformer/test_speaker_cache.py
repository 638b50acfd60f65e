"""The speaker cache: its sizes stay bounded, it keeps every speaker, and it remembers silence."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diarization.sortformer.speaker_cache import (
    CacheRules,
    SpeakerCache,
    boosted,
    chosen,
    compressed,
    frame_scores,
    highest,
)

RULES = CacheRules(cache=32, queue=10, update=12)


def said(*speakers, frames=1, sure=0.9, slots=4):
    out = np.full((frames, slots), 0.02, np.float32)
    out[:, list(speakers)] = sure
    return out


@given(
    st.integers(20, 60),
    st.integers(0, 30),
    st.integers(1, 40),
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 25), st.integers(0, 3)), min_size=1, max_size=25),
    st.integers(0, 2**16),
)
@settings(max_examples=40, deadline=None)
def test_cache_and_queue_never_outgrow_their_sizes(size, queue, update, chunks, seed):
    rules = CacheRules(cache=size, queue=queue, update=update)
    memory, rng = SpeakerCache(3, rules), np.random.default_rng(seed)
    for left, new, right in chunks:
        chunk = rng.normal(size=(left + new + right, 3)).astype(np.float32)
        activity = rng.uniform(size=(len(memory.context()) + len(chunk), 4)).astype(np.float32)
        before = len(memory.context())
        got = memory.update(chunk, activity, left, right)
        np.testing.assert_array_equal(got, activity[before + left : before + left + new])
        assert len(memory.cache) <= size
        assert len(memory.queue) <= queue
        assert len(memory.context()) == len(memory.cache) + len(memory.queue)


def test_what_leaves_the_queue_is_in_the_cache_and_nothing_is_lost_while_there_is_room():
    memory = SpeakerCache(1, CacheRules(cache=40, queue=6, update=4))
    for at in range(0, 36, 3):
        chunk = np.arange(at, at + 3, dtype=np.float32)[:, None]
        memory.update(chunk, np.full((len(memory.context()) + 3, 4), 0.3, np.float32), 0, 0)
        np.testing.assert_array_equal(memory.context()[:, 0], np.arange(at + 3))


def test_a_sure_lone_speaker_scores_over_overlap_and_silence_scores_nothing():
    activity = np.concatenate([said(0), said(0, sure=0.6), said(0, 1), said()])
    score = frame_scores(activity, CacheRules())
    assert score[0, 0] > score[1, 0] > 0 > score[2, 0] > -np.inf
    assert (score[3] == -np.inf).all()
    assert (score[0, 1:] == -np.inf).all()
    # log 0.9 - log 0.25 (0.1 is raised to the floor) + log 0.25 + 3 log 0.98 - log 0.5
    assert score[0, 0] == pytest.approx(np.log(0.9) + 3 * np.log(0.98) - np.log(0.5), abs=1e-6)


def test_overlap_is_kept_only_of_speakers_who_have_little_else():
    enough = int(RULES.room * RULES.enough)
    few = frame_scores(np.concatenate([said(0, frames=enough - 1), said(0, 1)]), RULES)
    many = frame_scores(np.concatenate([said(0, frames=enough), said(0, 1)]), RULES)
    assert np.isfinite(few[-1, 0])
    assert many[-1, 0] == -np.inf
    assert np.isfinite(many[-1, 1])


def test_of_equals_the_earlier_frame_comes_first():
    assert highest(np.array([1, 3, 3, 2, 3], np.float32), 3).tolist() == [1, 2, 4]
    raised = boosted(np.array([[1.0, 0], [1, -np.inf], [1, 5]], np.float32), 2, 10)
    assert raised.tolist() == [[11, 10], [11, -np.inf], [1, 15]]


def test_frames_are_kept_by_speaker_then_in_time_with_silence_between():
    rules = CacheRules(cache=10, speakers=2, silence=1)
    score = np.full((8, 2), -np.inf, np.float32)
    score[[1, 4, 6], 0] = 1, 3, 2
    score[[0, 2, 3, 5, 7], 1] = 5, 4, 3, 2, 1
    rows, silence = chosen(score, rules)
    assert rows[~silence].tolist() == [1, 4, 6, 0, 2, 3, 5, 7]
    assert silence.tolist() == [False] * 3 + [True] + [False] * 5 + [True]


def test_empty_places_are_filled_with_silence_at_the_end():
    rules = CacheRules(cache=12, speakers=2, silence=1)
    score = np.full((20, 2), -np.inf, np.float32)
    score[[3, 4], 0] = 1.0
    rows, silence = chosen(score, rules)
    assert rows[:2].tolist() == [3, 4]
    assert silence.tolist() == [False] * 2 + [True] * 10


def test_a_speaker_who_spoke_little_and_long_ago_is_not_crowded_out():
    rules = CacheRules(cache=40, queue=0, update=8)
    memory, rng = SpeakerCache(4, rules), np.random.default_rng(0)

    def hear(speaker, frames):
        chunk = np.full((frames, 4), speaker, np.float32)
        activity = np.concatenate([said(frames=len(memory.context())), said(speaker, frames=frames, sure=0.95)])
        cached = memory.cache[:, 0]
        for slot in range(4):
            activity[: len(cached), slot] = np.where(cached == slot, 0.9, 0.02)
        memory.update(chunk, activity + rng.uniform(0, 0.01, activity.shape).astype(np.float32), 0, 0)

    hear(1, 4)
    for _ in range(60):
        hear(2, 8)
    kept = memory.cache[:, 0].tolist()
    assert kept.count(1) == 4
    assert kept.count(2) >= rules.room
    assert kept.index(1) < kept.index(2)


def test_the_mean_of_silence_is_over_all_silent_frames_that_left_the_queue():
    memory = SpeakerCache(1, CacheRules(cache=16, queue=0, update=4))
    values = np.arange(1, 13, dtype=np.float32)
    for at in range(0, 12, 4):
        activity = np.full((len(memory.context()) + 4, 4), 0.01, np.float32)
        activity[-2:, 0] = 0.9
        memory.update(values[at : at + 4, None], activity, 0, 0)
    assert memory._silence[0] == pytest.approx(np.mean([1, 2, 5, 6, 9, 10]))
    assert memory._silent == 6


def test_what_is_kept_is_a_choice_of_what_was_given():
    rng = np.random.default_rng(1)
    embeddings = rng.normal(size=(50, 3)).astype(np.float32)
    activity = rng.uniform(size=(50, 4)).astype(np.float32)
    silence = np.full(3, 7.0, np.float32)
    kept, says = compressed(embeddings, activity, silence, RULES)
    assert kept.shape == (RULES.cache, 3)
    assert says.shape == (RULES.cache, 4)
    for row, spoken in zip(kept, says, strict=True):
        if (row == 7).all():
            assert (spoken == 0).all()
        else:
            at = int(np.flatnonzero((embeddings == row).all(axis=1))[0])
            np.testing.assert_array_equal(spoken, activity[at])


@pytest.mark.parametrize("wrong", [{"cache": 15}, {"update": 0}, {"queue": -1}, {"speakers": 0}])
def test_sizes_that_cannot_be(wrong):
    with pytest.raises(ValueError, match="cache"):
        CacheRules(**wrong)


def test_activity_of_another_length_is_refused():
    with pytest.raises(ValueError, match="frames of activity"):
        SpeakerCache(2, RULES).update(np.zeros((5, 2), np.float32), np.zeros((4, 4), np.float32), 0, 0)
