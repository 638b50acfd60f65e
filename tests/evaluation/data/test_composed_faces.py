"""Which face is whose in a composed meeting, and since when it is there."""

from pathlib import Path

import numpy as np
import pytest

from evaluation.data.composed import Composed
from evaluation.data.composed_faces import in_tile, on_screen_since
from vision import Detections

TILE = np.array([100, 100, 80, 60], np.float32)


def faces(*middles: tuple[float, float, float]) -> Detections:
    """Faces of 10 px around ``(x, y)``, each with a score."""
    boxes = np.array([[x - 5, y - 5, 10, 10] for x, y, _ in middles], np.float32).reshape(-1, 4)
    scores = np.array([score for *_, score in middles], np.float32)
    return Detections(boxes, np.zeros((len(boxes), 5, 2), np.float32), scores)


def test_the_surest_face_in_the_middle_of_the_tile_is_its_own() -> None:
    found = in_tile(faces((140, 130, 0.6), (145, 128, 0.9), (300, 130, 1.0)), TILE)
    assert found.scores.tolist() == pytest.approx([0.9])


@pytest.mark.parametrize("x", [100.0, 111.9, 168.1, 180.0])
def test_a_face_at_the_edge_is_another_tiles(x: float) -> None:
    assert len(in_tile(faces((x, 130, 1.0)), TILE)) == 0


def test_no_faces_no_face() -> None:
    assert len(in_tile(faces(), TILE)) == 0


def test_time_on_screen_counts_from_the_last_return() -> None:
    rows = np.zeros((10, 4), np.float32)
    rows[[0, 1, 5]] = np.nan
    meeting = Composed("m", Path("m.mp4"), 25.0, (640, 360), ("a",), {"a": []}, {"a": rows})
    assert [on_screen_since(meeting, "a", i) * 25 for i in (2, 4, 6, 9)] == pytest.approx([0, 2, 0, 3])


def test_who_is_there_from_the_first_picture_is_there_since_then() -> None:
    meeting = Composed("m", Path("m.mp4"), 10.0, (640, 360), ("a",), {"a": []}, {"a": np.zeros((5, 4), np.float32)})
    assert on_screen_since(meeting, "a", 4) == pytest.approx(0.4)
