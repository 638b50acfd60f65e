"""The attacker's models: boxes are those of the whole picture, and one person is recognised in two photos."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from capture import Image
from evaluation.attacks.reidentify import SAME, ArcFace, Scrfd
from vision import Detections
from weights import Store

MODELS = ("scrfd-500m", "arcface-mbf")


class OneCorner:
    """Finds a face in the whole of the picture that it is given."""

    def __init__(self) -> None:
        self.sizes: list[tuple[int, ...]] = []

    def __call__(self, picture: Image, threshold: float) -> Detections:
        self.sizes.append(picture.shape[:2])
        height, width = picture.shape[:2]
        box = np.array([[0, 0, width, height]], np.float32)
        return Detections(box, np.zeros((1, 5, 2), np.float32), np.ones(1, np.float32))


@pytest.mark.parametrize(("size", "searched"), [((320, 240), (320, 240)), ((1280, 720), (640, 360))])
def test_a_large_picture_is_searched_smaller_and_the_boxes_are_its_own(
    size: tuple[int, int], searched: tuple[int, int]
) -> None:
    scrfd, net = Scrfd.__new__(Scrfd), OneCorner()
    scrfd._net = net  # type: ignore[assignment]
    found = scrfd(np.zeros((size[1], size[0], 3), np.uint8), 0.5)
    assert net.sizes == [searched[::-1]]
    assert found.boxes.tolist() == [[0, 0, *size]]


@pytest.mark.models
def test_one_person_is_recognised_in_two_photos_and_nobody_where_there_is_no_face(store: Store, needs) -> None:  # type: ignore[no-untyped-def]
    needs(store, *MODELS, "demo-photos")
    scrfd, arcface = Scrfd(store), ArcFace(store)
    rows = []
    for name in ("obama.jpg", "obama2.jpg"):
        photo = np.asarray(cv2.imread(str(store.path("demo-photos") / name)), np.uint8)
        faces = scrfd(photo, 0.6)
        largest = int(np.argmax(faces.boxes[:, 2]))
        found, quality = arcface(photo, faces.take([largest]))
        assert np.linalg.norm(found[0]) == pytest.approx(1.0, abs=1e-5)
        assert quality.tolist() == [1.0]
        rows.append(found[0])
    assert float(rows[0] @ rows[1]) > SAME
    nothing = scrfd(np.full((240, 320, 3), 90, np.uint8), 0.6)
    assert arcface(photo, nothing)[0].shape == (0, 512)
