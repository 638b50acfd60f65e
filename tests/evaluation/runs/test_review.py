"""The measurement of the review page: what it measures on, and what others are answered."""

from __future__ import annotations

import json
from pathlib import Path

from discreet.review.open_items import attention
from evaluation.data.review_page import long_timeline, write_results
from evaluation.runs.review import Row, processor_times, refusals, started


def test_the_recording_has_the_size_that_is_asked_for() -> None:
    timeline = long_timeline(600.0, 1000, 300)
    assert (timeline.recording.duration, len(timeline.words)) == (600.0, 1000)
    assert len(timeline.turns) + len(timeline.redactions) == 300
    assert len(attention(timeline)) >= 10


def test_others_are_refused(tmp_path: Path) -> None:
    with started(write_results(tmp_path, long_timeline(2.0, 4, 4))) as address:
        rows = list(refusals(address))
    assert [row.found for row in rows] == ["421", "403", "403"]
    assert all(row.met for row in rows)


def test_a_missed_mark_stands_out() -> None:
    assert "MISSED" in str(Row("first paint", "2000 ms", "< 1500 ms", met=False))


def test_of_a_scroll_the_time_of_the_processor_counts_not_that_of_the_clock() -> None:
    def mark(name: str, at: int, used: int) -> dict[str, object]:
        return {"cat": "blink.user_timing", "name": name, "ts": at, "tts": used, "tid": 7}

    other = {"cat": "v8", "name": "scroll", "ts": 1}
    events = [mark("drawn", 400_000, 9_000), other, mark("scroll", 0, 2_000)]  # a trace is not in order
    assert list(processor_times(json.dumps({"traceEvents": events}).encode())) == [7.0]
