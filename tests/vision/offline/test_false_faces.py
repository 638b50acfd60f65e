"""Half of a face that is seen well is no second face; whatever could be somebody else stays one."""

from dataclasses import replace

import numpy as np
import pytest

from vision.geometry import Floats
from vision.offline.false_faces import without_false_faces
from vision.settings import FALSE_FACE_SECONDS
from vision.tracking.tracklet import Tracklet

FACE = np.array([100, 100, 100, 120], np.float32)
CHIN = np.array([130, 170, 40, 46], np.float32)
"""Within the face, a third of its size."""
OWN, OTHER = np.eye(8, dtype=np.float32)[:2]


def sighted(
    number: int,
    times: list[float],
    box: Floats,
    score: float,
    crops: tuple[Floats, float] | None = None,
    crossed: tuple[float, float] = (9, 0),
) -> Tracklet:
    out = Tracklet(number)
    for t in times:
        out.see(t, box, score, crossed[0] <= t <= crossed[1])
        if crops is not None:
            out.recognise(t, *crops)
    return out


def looks(start: float, end: float) -> list[float]:
    return [round(t, 2) for t in np.arange(start, end + 0.01, 0.12)]


SPELL = looks(1.2, 2.16)
HALF = (OWN, 0.5)
"""A crop of half of the face is recognised as the face."""


def part(score: float) -> Tracklet:
    return sighted(2, SPELL, CHIN, score, HALF)


@pytest.fixture
def face() -> Tracklet:
    return sighted(1, looks(0, 6), FACE, 0.9, (OWN, 0.8), crossed=(1.2, 2.2))


def numbers(*records: Tracklet) -> list[int]:
    return [record.number for record in without_false_faces(records)]


def test_half_of_a_face_is_no_second_one_and_has_not_crossed_the_one_it_is_in(face: Tracklet) -> None:
    (left,) = without_false_faces([face, part(0.6)])
    assert left.number == 1
    assert not any(left.crossing)
    assert any(face.crossing), "what was seen stays as it was"


@pytest.mark.parametrize("quality", [0.25, 0.6])
def test_what_looks_like_somebody_else_stays_a_face(face: Tracklet, quality: float) -> None:
    assert numbers(face, sighted(2, SPELL, CHIN, 0.85, (OTHER, quality))) == [1, 2]


def test_what_is_too_dark_or_blurred_to_tell_stays_a_face(face: Tracklet) -> None:
    assert numbers(face, sighted(2, SPELL, CHIN, 0.4, (OWN, 0.1))) == [1, 2]
    assert numbers(face, sighted(2, SPELL, CHIN, 0.4)) == [1, 2]


def test_who_hides_a_part_of_the_face_stays_a_face(face: Tracklet) -> None:
    hidden = replace(face, scores=[0.7 if 1.2 <= t <= 2.2 else 0.9 for t in face.times])
    assert numbers(hidden, part(0.6)) == [1, 2]
    assert numbers(face, part(0.95)) == [1, 2], "seen better than the face"


@pytest.mark.parametrize(
    "box",
    [
        np.array([180, 170, 40, 46], np.float32),
        np.array([110, 105, 80, 100], np.float32),
    ],
    ids=["half outside", "nearly as large"],
)
def test_what_is_beside_the_face_or_nearly_as_large_stays_a_face(face: Tracklet, box: Floats) -> None:
    assert numbers(face, sighted(2, SPELL, box, 0.6, HALF)) == [1, 2]


def test_what_stays_or_moves_against_the_face_stays_a_face(face: Tracklet) -> None:
    assert numbers(face, sighted(2, looks(1.2, 1.4 + FALSE_FACE_SECONDS), CHIN, 0.6, HALF)) == [1, 2]
    moving = part(0.6)
    moving.boxes = [box + np.float32([6 * i - 25, 0, 0, 0]) for i, box in enumerate(moving.boxes)]
    assert numbers(face, moving) == [1, 2]


def test_a_face_crossed_by_somebody_else_as_well_stays_crossed(face: Tracklet) -> None:
    passer = sighted(3, SPELL, np.array([160, 100, 90, 110], np.float32), 0.9, (OTHER, 0.8), crossed=(1.2, 2.2))
    left = without_false_faces([face, part(0.6), passer])
    assert [record.number for record in left] == [1, 3]
    assert left[0].crossing == face.crossing


def test_without_the_face_before_and_after_it_stays_one(face: Tracklet) -> None:
    assert numbers(face, sighted(2, looks(5.4, 6.6), CHIN, 0.6, HALF)) == [1, 2]
    assert numbers(part(0.6)) == [2]
