"""Thresholds of the gate: just above what must not be found, and fitted on other people than they are reported on."""

from __future__ import annotations

import sys

import pytest

from evaluation.data.composed import SETS, Composed
from evaluation.runs import gate_thresholds
from evaluation.runs.gate_thresholds import Scores, alone
from timeline import Segment


def test_the_threshold_lies_just_above_everything_that_must_not_be_found() -> None:
    scores = Scores(wanted=[0.5, 0.9], others=[0.2, 0.61])
    assert scores.threshold() == pytest.approx(0.62)
    assert scores.above(scores.threshold()).startswith("found 1 of 2")


def test_a_window_counts_only_where_nobody_else_talks() -> None:
    turns = {"a": [Segment(0.0, 6.0)], "b": [Segment(4.0, 5.0)]}
    meeting = Composed("m", SETS, 25.0, (1, 1), ("a", "b"), turns, {})  # type: ignore[arg-type]
    assert list(alone(meeting, "a")) == [0.0, 0.5, 1.0, 1.5, 2.0]


def test_nothing_is_fitted_on_the_validation_meetings(monkeypatch: pytest.MonkeyPatch) -> None:
    def part(store: object, meetings: tuple[str, ...]) -> object:
        high = meetings == SETS["validation"]
        return iter([("ecapa", Scores(wanted=[0.9], others=[0.99 if high else 0.1]))])

    monkeypatch.setattr(gate_thresholds, "PARTS", {"voices": part})
    monkeypatch.setattr(sys, "argv", ["gate_thresholds", "--only", "voices"])
    assert gate_thresholds.main() == 0


@pytest.mark.slow
@pytest.mark.media
@pytest.mark.models
@pytest.mark.parametrize("part", ["faces", "voices"])
def test_the_thresholds_in_force_fit(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["gate_thresholds", "--only", part])
    assert gate_thresholds.main() == 0
