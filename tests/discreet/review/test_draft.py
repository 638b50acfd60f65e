"""Times of decisions are those of the safe recording; what was cut out of it lies in between."""

from hypothesis import given
from hypothesis import strategies as st

from discreet.review.draft import time_before_cuts
from timeline import Segment, TimeMap

CUTS = st.lists(st.tuples(st.integers(0, 50000), st.integers(1, 3000)), max_size=6).map(
    lambda rows: TimeMap([Segment(a / 1000, (a + b) / 1000) for a, b in rows])
)


@given(CUTS, st.integers(0, 60000))
def test_what_is_restored_lies_where_it_was(cuts: TimeMap, ms: int) -> None:
    assert abs(cuts(time_before_cuts(cuts, ms / 1000)) - ms / 1000) < 1e-5


def test_without_cuts_time_is_time() -> None:
    assert time_before_cuts(TimeMap(()), 1.5) == 1.5
