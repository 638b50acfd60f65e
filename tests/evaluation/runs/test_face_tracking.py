"""Switches and IDF1 on made-up tracks, against figures worked out by hand."""

from pathlib import Path

import numpy as np
import pytest

from evaluation.data.composed import Composed
from evaluation.runs.face_tracking import following
from timeline import FaceTrack

FRAMES = 100


def meeting() -> Composed:
    """Two people who sit still."""
    tiles = {
        name: np.tile(np.array([x, 100, 200, 200], np.float32), (FRAMES, 1)) for name, x in (("a", 100), ("b", 700))
    }
    return Composed("made", Path(), 25.0, (1280, 720), ("a", "b"), {}, tiles)


def track(id: str, x: float, first: int, last: int) -> FaceTrack:
    rows = np.arange(first, last)
    return FaceTrack(id, rows / 25.0, np.tile(np.array([x, 150, 100, 100], np.float32), (len(rows), 1)))


A, B = 150.0, 750.0


def test_perfect_tracks() -> None:
    score = following(meeting(), [track("1", A, 0, 100), track("2", B, 0, 100)])
    assert (score.switches, score.idf1, score.identities) == (0, 1.0, 2)


def test_a_track_that_breaks_is_a_switch_and_half_of_a_person() -> None:
    tracks = [track("1", A, 0, 50), track("3", A, 50, 100), track("2", B, 0, 100)]
    score = following(meeting(), tracks)
    assert score.switches == 1
    assert score.idf1 == pytest.approx(0.75)
    assert following(meeting(), tracks, {"1": "x", "3": "x"}).idf1 == 1.0


def test_identities_that_are_swapped() -> None:
    moved = np.concatenate([np.full(50, A), np.full(50, B)])
    boxes = np.stack([moved, np.full(100, 150), np.full(100, 100), np.full(100, 100)], 1).astype(np.float32)
    back = np.concatenate([boxes[50:], boxes[:50]])
    times = np.arange(100) / 25.0
    score = following(meeting(), [FaceTrack("1", times, boxes), FaceTrack("2", times, back)])
    assert (score.switches, score.idf1) == (2, 0.5)


def test_boxes_on_nobody_count_against_it() -> None:
    score = following(meeting(), [track("1", A, 0, 100), track("2", B, 0, 100), track("3", 450, 0, 100)])
    assert score.idf1 == pytest.approx(2 * 200 / 500)
