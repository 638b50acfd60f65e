"""Recorded time: no holes, and it stands still in pauses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from capture.live.recording_time import RecordingTime

stretches = st.lists(st.floats(0.01, 10.0), min_size=2, max_size=8).map(lambda d: np.cumsum([5.0, *d]).tolist())


@example([5.0, 11.0, 11.333333333333334], 0.0, 12.0, 6.0)  # begun again after all was recorded
@given(stretches, st.floats(0.0, 100.0), st.floats(0.0, 50.0), st.floats(1.0, 60.0))
def test_recorded_time_has_no_holes_and_stands_still_in_pauses(
    marks: list[float], start: float, length: float, duration: float
) -> None:
    ledger = RecordingTime(duration)
    assert ledger.recorded(start) is None
    for i, t in enumerate(marks):
        (ledger.pause if i % 2 else ledger.begin)(t)
    parts = ledger.parts(start, start + length)
    assert ledger.elapsed(start + length) - ledger.elapsed(start) == pytest.approx(sum(b - a for a, b, _ in parts))
    for a, b, second in parts:
        assert second == pytest.approx(ledger.elapsed(a))
        middle = (a + b) / 2 if (a + b) / 2 < b else a  # of two neighbouring floats there is none
        assert ledger.recorded(middle) == pytest.approx(ledger.elapsed(middle))
    assert ledger.elapsed(1e9) <= duration


def test_what_falls_into_a_pause_is_not_recorded() -> None:
    ledger = RecordingTime()
    ledger.begin(10.0)
    ledger.pause(12.0)
    ledger.pause(99.0)  # paused already
    assert ledger.paused
    ledger.begin(20.0)
    assert [ledger.recorded(t) for t in (9.9, 10.0, 11.5, 12.0, 15.0, 20.0, 21.0)] == [None, 0, 1.5, None, None, 2, 3]
    assert ledger.parts(11.0, 21.0) == [(11.0, 12.0, 1.0), (20.0, 21.0, 2.0)]
