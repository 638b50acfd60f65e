"""Boxes are green from a score of 0, red below it, and names stand only where they may."""

import numpy as np
import pytest

from discreet.aavid.overlay import ScoreOverlay
from timeline import Person, Recording, Timeline, Track

BOX = (20.0, 30.0, 40.0, 40.0)


def drawn(probability: float | None, t: float = 1.0) -> np.ndarray:
    speaking = [] if probability is None else [(1.0, probability)]
    made = Timeline(
        recording=Recording(duration=2, width=160, height=120),
        people=[Person(id="p1", pseudonym="Speaker 1")],
        tracks=[Track(id="t1", person="p1", start=0, end=2, boxes=[(0, *BOX), (2, *BOX)], speaking=speaking)],
    )
    picture = np.zeros((120, 160, 3), np.uint8)
    ScoreOverlay(made)(picture, t)
    return picture


@pytest.mark.parametrize(("probability", "colour"), [(0.5, (0, 255, 0)), (0.49, (0, 0, 255)), (None, (150, 150, 150))])
def test_the_colour_of_a_box_says_whether_the_face_speaks(
    probability: float | None, colour: tuple[int, int, int]
) -> None:
    assert tuple(drawn(probability)[70, 40]) == colour


def test_nothing_is_drawn_while_the_face_is_not_on_screen() -> None:
    assert not drawn(0.9, t=2.5).any()
    assert drawn(0.9, t=0.5)[70, 40].tolist() == [150, 150, 150]  # no score near


def test_a_face_at_the_edge_of_the_picture_can_be_drawn() -> None:
    made = Timeline(
        recording=Recording(duration=1, width=60, height=40),
        tracks=[Track(id="t1", start=0, end=1, boxes=[(0, -5, -5, 200, 200), (1, 55, 38, 20, 20)])],
    )
    for t in (0.0, 0.5, 1.0):
        picture = np.zeros((40, 60, 3), np.uint8)
        ScoreOverlay(made)(picture, t)
        assert picture.any()
