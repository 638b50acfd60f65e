"""Taking faces away takes exactly that away, and intervals are those of the book."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from evaluation.data.composed import Composed
from evaluation.runs.speaker_attribution import hide, owner, taken_away
from timeline import FaceTrack, Segment


def track(id="t1", x=0.0, end=10.0):
    times = np.arange(0, end, 0.04)
    boxes = np.tile(np.array([x, 0, 10, 10], np.float32), (len(times), 1))
    return FaceTrack(id, times, boxes, "e", np.ones(len(times), bool), 0.7, None, times[::2], np.ones(len(times[::2])))


def meeting():
    tiles = {"a": np.tile(np.array([0, 0, 10, 10], np.float32), (250, 1))}
    tiles["b"] = tiles["a"] + np.array([100, 0, 0, 0], np.float32)
    turns = {"a": [Segment(0, 2), Segment(4, 6)], "b": [Segment(2, 4)]}
    return Composed("m", None, 25.0, (200, 20), ("a", "b"), turns, tiles)


@given(st.lists(st.tuples(st.floats(0, 10), st.floats(0.1, 4)), max_size=5))
def test_what_is_hidden_is_gone_and_the_rest_is_there_once(spans):
    spans = [Segment(a, a + n) for a, n in spans]
    parts = hide([track()], spans)
    times = np.concatenate([np.zeros(0), *(p.times for p in parts)])
    expected = [t for t in track().times if not any(s.start <= t < s.end for s in spans)]
    assert times.tolist() == expected
    assert len({p.id for p in parts}) == len(parts)
    for part in parts:
        assert len(part.times) == len(part.boxes) == len(part.shown)
        assert all(part.start <= t <= part.end for t in part.speaking_times)


def test_a_track_belongs_to_whose_tile_it_is_in():
    assert owner(track(), meeting()) == "a"
    assert owner(track(x=100), meeting()) == "b"
    assert owner(track(x=50), meeting()) is None


def test_faces_go_in_every_second_turn_of_their_own_person_only():
    parts, where = taken_away([track(), track("t2", x=100)], meeting(), 10.0)
    assert [(p.id, round(p.start, 2), round(p.end, 2)) for p in parts] == [
        ("t1.0", 0.0, 3.48),
        ("t1.1", 6.52, 9.96),
        ("t2.0", 0.0, 9.96),
    ]
    assert where.shape == (1000, 2)
    assert np.flatnonzero(where[:, 0])[[0, -1]].tolist() == [350, 649]
    assert not where[:, 1].any()
