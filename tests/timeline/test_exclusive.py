"""One speaker at a time."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from timeline import Segment, Turn, total
from timeline.exclusive import exclusive

TURNS = st.lists(
    st.builds(
        lambda start, length, person, sure: Turn(
            start=start / 10, end=(start + length) / 10, person=f"p{person}", confidence=sure / 10, overlap=True
        ),
        st.integers(0, 60),
        st.integers(1, 30),
        st.integers(1, 4),
        st.integers(0, 10),
    ),
    max_size=12,
)


def spans(turns):
    return [Segment(turn.start, turn.end) for turn in turns]


@given(TURNS)
def test_no_two_overlap_and_no_speech_is_lost(turns):
    one = exclusive(turns)
    assert all(a.end <= b.start for a, b in pairwise(one))
    assert abs(total(spans(one)) - total(spans(turns))) < 1e-9
    assert not any(turn.overlap for turn in one)


@given(TURNS)
def test_everyone_speaks_only_where_they_spoke_and_nobody_surer_did(turns):
    for piece in exclusive(turns):
        middle = (piece.start + piece.end) / 2
        there = [turn for turn in turns if turn.start <= middle < turn.end]
        assert any(turn.person == piece.person and turn.confidence == piece.confidence for turn in there)
        assert max(turn.confidence for turn in there) == piece.confidence


def test_the_less_sure_keeps_what_is_left():
    long = Turn(start=0, end=10, person="p1", confidence=0.6)
    short = Turn(start=4, end=5, person="p2", confidence=0.9)
    assert [(t.start, t.end, t.person) for t in exclusive([long, short])] == [
        (0, 4, "p1"),
        (4, 5, "p2"),
        (5, 10, "p1"),
    ]
