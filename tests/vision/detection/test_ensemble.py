"""Detectors on one scale of scores, and several as one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.detection.base import Detections, Image
from vision.detection.ensemble import COMMON, DetectorEnsemble, RescaledDetector

OWN = {"keep": 0.11, "tentative": 0.12, "birth": 0.2}
PICTURE = np.zeros((8, 8, 3), np.uint8)


class Finds:
    """Faces side by side with these scores, as a detector would say them."""

    def __init__(self, *scores: float, at: float = 0.0) -> None:
        self.scores = np.array(scores, np.float32)
        self.boxes = np.array([[20 * i + at, 0, 10, 10] for i in range(len(scores))], np.float32).reshape(-1, 4)

    def __call__(self, picture: Image, threshold: float) -> Detections:
        every = Detections(self.boxes, np.zeros((len(self.scores), 5, 2), np.float32), self.scores)
        return every.take(self.scores >= threshold - 1e-7)


def test_a_score_it_was_measured_at_is_the_room_s() -> None:
    found = RescaledDetector(Finds(*OWN.values(), 1.0), OWN)(PICTURE, 0.0)
    assert found.scores.tolist() == pytest.approx([*COMMON.values(), 1.0], abs=1e-6)


@given(st.lists(st.floats(0, 1, width=32), max_size=8), st.floats(0, 1))
def test_a_threshold_lets_through_what_reaches_it_on_either_scale(scores: list[float], threshold: float) -> None:
    found = RescaledDetector(Finds(*scores), OWN)(PICTURE, threshold)
    assert (found.scores >= np.float32(threshold)).all()
    assert found.scores.max(initial=0.0) <= 1.0
    least = np.interp(threshold, [0, *COMMON.values(), 1], [0, *OWN.values(), 1])
    assert len(found) == int((np.array(scores, np.float32) >= least - 1e-7).sum())


@pytest.mark.parametrize("own", [{"keep": 0.3, "tentative": 0.2, "birth": 0.5}, {**OWN, "birth": 1.0}])
def test_scores_that_do_not_rise_are_refused(own: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="rise"):
        RescaledDetector(Finds(), own)


def test_what_one_finds_is_found_and_one_face_is_one() -> None:
    both = DetectorEnsemble([Finds(0.4, 0.6), Finds(0.9, at=1.0), Finds(0.5, at=300.0)])
    found = both(PICTURE, 0.3)
    assert found.scores.tolist() == pytest.approx([0.9, 0.6, 0.5])
    assert found.boxes[:, 0].tolist() == [1.0, 20.0, 300.0]  # whoever is surer
    assert len(both(PICTURE, 0.95)) == 0


@given(st.lists(st.floats(0, 1, width=32), max_size=5), st.lists(st.floats(0, 1, width=32), max_size=5))
def test_no_face_that_one_of_them_finds_is_lost(first: list[float], second: list[float]) -> None:
    parts = [Finds(*first), Finds(*second, at=4.0)]
    found = DetectorEnsemble(parts)(PICTURE, 0.3)
    for part in parts:
        alone = part(PICTURE, 0.3)
        assert all((np.abs(found.boxes[:, 0] - x) <= 4.0).any() for x in alone.boxes[:, 0])
