import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diarization.viterbi import path


def talk(*parts):
    """``score [T, 2]`` of parts ``(frames, share of the second speaker)``."""
    return np.concatenate([np.tile([1 - share, share], (count, 1)) for count, share in parts]).astype(np.float32)


def heard(count, **at):
    """Speech all the while; ``two``, ``change`` and ``pause`` are heard for ten frames from there."""
    out = np.tile(np.array([1.0, 0.0, 0.0], np.float32), (count, 1))
    for what, frame in at.items():
        out[frame : frame + 10] = {"two": (1, 0.5, 0), "change": (1, 0, 0.5), "pause": (0.4, 0, 0)}[what]
    return out


def changes(who):
    return (np.flatnonzero(np.diff(who)) + 1).tolist()


def everywhere(count):
    return np.ones(count, np.bool_)


@pytest.mark.parametrize("lead", [-0.02, 0.0, 0.02])
@pytest.mark.parametrize("sign", ["two", "change", "pause"])
def test_where_the_voices_do_not_tell_it_is_where_a_change_is_heard(sign, lead):
    score = talk((60, 0.1), (60, 0.5 + lead), (60, 0.9))
    (at,) = changes(path(score, heard(180, **{sign: 85}), everywhere(180)))
    assert 85 <= at < 95


def test_who_leads_by_a_hair_now_and_then_does_not_take_turns():
    score = talk((60, 0.1), *[(4, 0.51), (4, 0.49)] * 6, (60, 0.9))
    assert len(changes(path(score, heard(168), everywhere(168)))) == 1


def test_a_clear_word_between_is_kept():
    score = talk((100, 0.02), (30, 0.98), (100, 0.02))
    for rows in (heard(230), heard(230, two=98)):
        start, end = changes(path(score, rows, everywhere(230)))
        assert abs(start - 100) <= 10
        assert abs(end - 130) <= 10


def test_nothing_holds_across_a_pause():
    score = talk((60, 0.3), (60, 0.6))
    speech = everywhere(120)
    speech[55:60] = False
    who = path(score, heard(120), speech)
    assert who[54] == 0
    assert (who[60:] == 1).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.integers(1, 60))
def test_speakers_may_come_in_any_order(seed, count, frames):
    rng = np.random.default_rng(seed)
    score, order = rng.random((frames, count)).astype(np.float32), rng.permutation(count)
    rows, speech = rng.random((frames, 3)).astype(np.float32), rng.random(frames) < 0.8
    who = path(score, rows, speech)
    assert (order[path(score[:, order], rows, speech)][speech] == who[speech]).all()
    assert (who[~speech] == 0).all()
