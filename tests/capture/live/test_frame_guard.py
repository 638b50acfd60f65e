"""The frame guard: what the stage owes is covered, and every picture is accounted for."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.live.frame_guard import GREY, FrameGuard, notice
from capture.sources import Image


def image(value: int = 1) -> Image:
    return np.full((8, 16, 3), value, np.uint8)


class Written(list[tuple[float, bool]]):
    """What came through: ``(t, covered)``."""

    def __call__(self, t: float, picture: Image, droppable: bool) -> None:
        covered = bool(picture.max() != 1)
        assert covered != droppable
        self.append((t, covered))


def gate() -> tuple[FrameGuard, Written]:
    out = Written()
    return FrameGuard(16, 8, latency=0.3, limit=0.5, recovery=1.0, sink=out), out


def test_what_the_stage_gives_in_time_goes_through() -> None:
    guard, out = gate()
    for t in (0.0, 0.1, 0.2):
        guard.entered(t)
    guard.accept(0.4, [(0.0, image()), (0.1, image())])
    guard.tick(0.5)
    assert out == [(0.0, False), (0.1, False)]
    assert guard.covering == ""


def test_a_stage_that_owes_pictures_is_covered_and_shown_again_when_it_is_in_time() -> None:
    guard, out = gate()
    times = [n / 10 for n in range(31)]
    for t in times:
        guard.entered(t)
        guard.tick(t)
    assert out
    assert all(covered for _, covered in out)
    assert out[-1][0] == pytest.approx(3.0 - 0.3 - 0.5, abs=0.21)
    assert "keep up" in guard.covering
    guard.accept(3.0, [(t, image()) for t in times[:28]])
    shown = [t for t, covered in out if not covered]
    assert shown == times[times.index(out[len(out) - len(shown) - 1][0]) + 1 : 28]
    assert guard.covering == ""
    assert [t for t, _ in out] == times[:28]


def test_a_camera_that_falters_is_no_fault_of_the_stage() -> None:
    guard, out = gate()
    guard.entered(0.0)
    guard.tick(60.0)
    assert out == []


def test_after_a_fault_nothing_is_shown_until_it_has_worked_for_a_while() -> None:
    guard, out = gate()
    guard.failed(0.0, "it raised")
    for n in range(20):
        guard.entered(n / 10)
        guard.accept(n / 10, [(n / 10, image())])
    assert [covered for _, covered in out] == [True] * 10 + [False] * 10
    assert [(c.start, c.end, c.reason) for c in guard.covered] == [(0.0, 0.9, "it raised")]


@pytest.mark.parametrize(
    "wrong", [np.ones((9, 16, 3), np.uint8), np.ones((8, 16, 3), np.float32), np.ones((8, 16), np.uint8)]
)
def test_a_picture_of_another_shape_is_covered(wrong: Image) -> None:
    guard, out = gate()
    guard.entered(0.0)
    guard.accept(0.0, [(0.0, wrong)])
    assert out == [(0.0, True)]


def test_a_picture_that_was_never_given_to_the_stage_is_not_written() -> None:
    guard, out = gate()
    guard.entered(0.0)
    guard.accept(0.0, [(0.05, image())])
    assert out == []


def test_after_the_end_nothing_goes_through() -> None:
    guard, out = gate()
    guard.entered(0.0)
    guard.entered(0.1)
    guard.drop(0.1)
    guard.end()
    guard.accept(0.2, [(0.0, image()), (0.1, image())])
    assert out == [(0.0, True)]
    assert guard.dropped == 1


@given(st.data())
def test_every_picture_is_shown_covered_or_dropped_once_and_in_order(data: st.DataObject) -> None:
    guard, out = gate()
    line: list[float] = []
    taken = data.draw(st.integers(0, 60))
    for n in range(taken):
        t = n / 30
        guard.entered(t)
        match data.draw(st.sampled_from(["ok", "ok", "ok", "drop", "raise", "keep"])):
            case "ok":
                line.append(t)
                guard.accept(t, [(s, image()) for s in line])
                line = []
            case "drop":
                guard.drop(t)
            case "raise":
                guard.failed(t, "it raised")
            case "keep":
                line.append(t)
        guard.tick(t)
    guard.end()
    assert all(a < b for (a, _), (b, _) in pairwise(out))
    assert guard.shown + guard.hidden == len(out)
    assert len(out) + guard.dropped == taken


def test_a_notice_holds_nothing_of_a_picture_and_can_be_read() -> None:
    picture = notice(640, 360, ("The picture is masked:", "a test"))
    assert picture.shape == (360, 640, 3)
    assert set(np.unique(picture)) <= set(range(GREY, 256))
    assert (picture == 255).any()
