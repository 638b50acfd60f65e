"""The worker on the recording's clock: an analysis is there when its time has passed, and not before."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from evaluation.runs.live_faces import Report, SteppedWorker, summary
from vision.live import Failure, Frame, FrameResult

PICTURE = np.zeros((2, 2, 3), np.uint8)


def worker(monkeypatch: pytest.MonkeyPatch, looker: Any, slow: float = 1.0) -> SteppedWorker:
    """Its analyses take 0.1 s of CPU each."""
    ticks = iter(np.arange(0.0, 100.0, 0.1))
    monkeypatch.setattr(time, "process_time", lambda: next(ticks))
    return SteppedWorker(looker, slow)


def looked(frame: Frame) -> FrameResult:
    return FrameResult(frame.t)


@pytest.mark.parametrize("slow", [1.0, 3.0])
def test_an_analysis_takes_its_time_and_the_newest_picture_is_next(
    monkeypatch: pytest.MonkeyPatch, slow: float
) -> None:
    stepped = worker(monkeypatch, looked, slow)
    for t in (0.0, 0.01, 0.02):
        stepped.offer(Frame(t, PICTURE))
    took = 0.1 * slow
    assert stepped.busy
    assert stepped.poll(took - 0.01) == []
    assert [outcome.t for outcome in stepped.poll(took + 0.01)] == [0.0]
    assert stepped.taken == 0.02, "the one between was replaced"
    assert [outcome.t for outcome in stepped.poll(2 * took + 0.01)] == [0.02]
    assert not stepped.busy
    assert stepped.cpu == pytest.approx(0.2)


def test_waiting_brings_what_is_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    stepped = worker(monkeypatch, looked)
    stepped.offer(Frame(1.0, PICTURE))
    stepped.wait(1.0, 1.0)
    assert [outcome.t for outcome in stepped.poll(1.0)] == [1.0]
    stepped.close(0.0)
    assert not stepped.alive


def test_an_analysis_that_raises_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(frame: Frame) -> FrameResult:
        raise ValueError("no face")

    stepped = worker(monkeypatch, fails)
    stepped.offer(Frame(0.0, PICTURE))
    (outcome,) = stepped.poll(1.0)
    assert isinstance(outcome, Failure)


def test_a_report_is_one_line_even_of_nothing() -> None:
    line = summary(Report("dev", 1.0, [], strangers=7, leaks_after=2, enrolled_frames=4, visible_frames=3))
    assert "leaks 0 in the first 0.3 s, 2 after, of 7; visible 75.0% of 4" in line
    assert "\n" not in line + summary(Report("nothing", 0.0, []))
