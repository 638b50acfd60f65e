"""Who is enrolled in turn, how much of a face masks cover, and which settings are tried."""

import numpy as np
import pytest
from pydantic import ValidationError

from evaluation.runs.shown_strangers import chosen, covered, enrolments


def test_every_subset_is_enrolled_with_and_without_the_others() -> None:
    sets = list(enrolments(("a", "b"), ("a", "b", "c")))
    assert sets == [("c",), ("a",), ("a", "c"), ("b",), ("b", "c"), ("a", "b"), ("a", "b", "c")]
    assert list(enrolments(("a",), ("a",))) == [("a",)]


@pytest.mark.parametrize(
    ("boxes", "share"),
    [
        ([], 0.0),
        ([[0, 0, 100, 100]], 1.0),
        ([[0, 0, 50, 100]], 0.5),
        ([[0, 0, 50, 100], [50, 0, 50, 100]], 1.0),
        ([[0, 0, 50, 100], [0, 0, 50, 100]], 0.5),
        ([[200, 0, 50, 100]], 0.0),
    ],
)
def test_boxes_cover_a_face_together(boxes: list[list[float]], share: float) -> None:
    face = np.array([0, 0, 100, 100], np.float32)
    assert covered(face, np.array(boxes, np.float32).reshape(-1, 4)) == pytest.approx(share, abs=0.02)


def test_settings_are_chosen_by_part_and_key() -> None:
    settings = chosen(["recognise.track=0.38", "mask.style=solid"])
    assert (settings.recognise.track, settings.mask.style) == (0.38, "solid")
    with pytest.raises(ValidationError):
        chosen(["recognise.tracks=0.38"])
