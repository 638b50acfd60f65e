"""The laws of time spans."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline import Segment, intersect, subtract, total, union

TIMES = st.integers(0, 200).map(lambda n: n / 8)
SEGMENTS = st.lists(st.tuples(TIMES, TIMES).map(lambda p: Segment(min(p), max(p))), max_size=12)


def covered(segments: list[Segment], t: float) -> bool:
    return any(segment.start <= t < segment.end for segment in segments)


@given(SEGMENTS, TIMES)
def test_union_covers_what_any_covers_and_is_disjoint(segments: list[Segment], t: float) -> None:
    merged = union(segments)
    assert covered(merged, t) == covered(segments, t)
    assert all(a.end < b.start for a, b in itertools.pairwise(merged))


@given(SEGMENTS, SEGMENTS, TIMES)
def test_intersect_and_subtract_are_and_and_andnot(a: list[Segment], b: list[Segment], t: float) -> None:
    assert covered(intersect(a, b), t) == (covered(a, t) and covered(b, t))
    assert covered(subtract(a, b), t) == (covered(a, t) and not covered(b, t))


@given(SEGMENTS, SEGMENTS)
def test_a_whole_is_the_sum_of_its_parts(a: list[Segment], b: list[Segment]) -> None:
    assert total(a) == pytest.approx(total(intersect(a, b)) + total(subtract(a, b)))


@given(SEGMENTS)
def test_union_is_idempotent(segments: list[Segment]) -> None:
    assert union(union(segments)) == union(segments)


def test_gaps_up_to_the_given_length_are_closed() -> None:
    spans = [Segment(0, 1), Segment(1.5, 2), Segment(3, 4)]
    assert union(spans, gap=0.5) == [Segment(0, 2), Segment(3, 4)]


def test_growing_never_goes_below_zero() -> None:
    assert Segment(0.1, 1).grown(0.5) == Segment(0.0, 1.5)
    assert Segment(1, 2).grown(0.5, 0) == Segment(0.5, 2)


@pytest.mark.parametrize(("start", "end"), [(2, 1), (float("nan"), 1), (0, float("inf"))])
def test_what_is_no_span_is_refused(start: float, end: float) -> None:
    with pytest.raises(ValueError, match="not a time span"):
        Segment(start, end)
