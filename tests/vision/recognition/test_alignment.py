"""A tilted face is recognised by where its eyes, nose and mouth are in an upright view; never by a neighbour's."""

import cv2
import numpy as np

from vision.detection.base import Detections, Image
from vision.geometry import Floats
from vision.recognition.alignment import UprightRecogniser
from vision.recognition.base import TEMPLATE


def turned(degrees: float, middle: tuple[float, float]) -> Floats:
    """Points of a face tilted by so much."""
    turn = cv2.getRotationMatrix2D((0, 0), degrees, 0.9)[:, :2]
    return np.asarray((TEMPLATE - TEMPLATE.mean(axis=0)) @ turn.T + middle, np.float32)


def detections(*points: Floats) -> Detections:
    boxes = np.array([[*(p.min(axis=0) - 20), *(np.ptp(p, axis=0) + 40)] for p in points], np.float32)
    return Detections(boxes.reshape(-1, 4), np.reshape(points, (-1, 5, 2)).astype(np.float32), np.ones(len(points)))


def picture(*faces: Floats) -> Image:
    """A dot of its own brightness for each of the five points."""
    out = np.zeros((400, 400, 3), np.uint8)
    for points in faces:
        for i, (x, y) in enumerate(points):
            cv2.circle(out, (round(float(x)), round(float(y))), 5, (60 + 40 * i,) * 3, -1)
    return out


class Dots:
    """Finds one face's dots."""

    def __call__(self, view: Image, threshold: float) -> Detections:
        spots = []
        for i in range(5):
            rows, columns = np.nonzero(np.abs(view[..., 0].astype(int) - (60 + 40 * i)) < 3)
            if not len(rows):
                return Detections.none()
            spots.append((np.median(columns), np.median(rows)))  # edges of brighter dots are grey, too
        return detections(np.array(spots, np.float32))


class Nothing:
    def __call__(self, view: Image, threshold: float) -> Detections:
        return Detections.none()


class Asked:
    """Keeps the points it is asked about."""

    id = "asked"

    def __call__(self, view: Image, faces: Detections) -> tuple[Floats, Floats]:
        self.points = faces.landmarks
        return np.zeros((len(faces), 4), np.float32), np.zeros(len(faces), np.float32)


def asked(detector: Dots | Nothing, view: Image, faces: Detections) -> Floats:
    recogniser = Asked()
    upright = UprightRecogniser(recogniser, detector)
    assert upright.id == "asked"
    upright(view, faces)
    return recogniser.points


def test_points_that_turn_too_little_are_mended() -> None:
    true, first = turned(40, (200, 200)), turned(15, (203, 198))
    found = asked(Dots(), picture(true), detections(first))[0]
    assert np.abs(found - true).max() < 2


def test_a_neighbours_points_are_not_taken() -> None:
    first, neighbour = turned(0, (200, 200)), turned(0, (240, 200))
    found = asked(Dots(), picture(neighbour), detections(first))[0]
    assert (found == first).all()


def test_where_nothing_is_found_again_the_points_stay() -> None:
    first = detections(turned(10, (150, 150)), turned(-30, (300, 200)))
    assert (asked(Nothing(), picture(), first) == first.landmarks).all()
    assert asked(Nothing(), picture(), Detections.none()).shape == (0, 5, 2)


def test_points_that_make_no_face_do_no_harm() -> None:
    same = np.full((5, 2), 100, np.float32)
    assert (asked(Dots(), picture(), detections(same))[0] == same).all()
