"""The bench of an overloaded recorder reads what the view said, and ends the load that it made."""

from __future__ import annotations

import psutil

from evaluation.runs.overload import busy, first_told


def test_the_first_line_that_tells_of_it_counts() -> None:
    assert first_told(["Nobody will be seen", "0:00:00 recording"]) is None
    lines = [
        "0:00:01 recording",
        "0:01:02 the machine does not keep up: 5 of 60",
        "0:01:09 the machine does not keep up",
    ]
    assert first_told(lines) == 62.0


def test_the_load_ends_with_the_measurement() -> None:
    before = set(psutil.Process().children())
    with busy(2, 19):
        assert len(set(psutil.Process().children()) - before) == 2
    assert set(psutil.Process().children()) <= before
