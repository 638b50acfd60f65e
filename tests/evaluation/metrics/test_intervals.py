"""Wilson's interval of a share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.metrics.intervals import wilson


def test_intervals_are_wilsons() -> None:
    assert wilson(0, 100) == pytest.approx((0.0, 0.0370), abs=1e-4)
    assert wilson(5, 50) == pytest.approx((0.0435, 0.2136), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)


@given(st.integers(0, 1000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_the_share_lies_inside_and_misses_mirror_hits(counts: tuple[int, int]) -> None:
    hits, of = counts
    low, high = wilson(hits, of)
    assert 0.0 <= low <= high <= 1.0
    assert not of or low - 1e-12 <= hits / of <= high + 1e-12
    mirrored = wilson(of - hits, of)
    assert (low, high) == pytest.approx((1 - mirrored[1], 1 - mirrored[0]), abs=1e-9)
