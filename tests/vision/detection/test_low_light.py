"""What has little contrast is looked at again, and only that."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.detection.base import Detections
from vision.detection.low_light import CELL, detect_faint_faces, normalise_locally
from vision.detection.multiscale import FaceSearch
from vision.detection.settings import DEEP_SHADE, FAINT_CONTRAST, FAINT_MIDDLE, LARGE
from vision.factory import make_detector
from vision.geometry import iou_matrix
from vision.settings import DetectSettings


def scene(contrast: float, mean: float, size: tuple[int, int] = (96, 160)) -> np.ndarray:
    """Soft spots of a standard deviation and a mean, grey."""
    rows = np.random.default_rng(0).normal(size=size)
    spots = cv2.GaussianBlur(rows, (0, 0), 4)
    spots = (spots - spots.mean()) / spots.std() * contrast + mean
    return np.repeat(np.clip(np.round(spots), 0, 255).astype(np.uint8)[..., None], 3, axis=2)


@pytest.mark.parametrize(("contrast", "mean"), [(6, 20), (8, 120), (6, 235)])
def test_a_dark_a_flat_and_a_washed_out_picture_get_contrast_and_a_middling_grey(contrast: float, mean: float) -> None:
    out = normalise_locally(scene(contrast, mean))
    assert out is not None
    assert out.std() > 2.5 * contrast
    assert abs(out.mean() - FAINT_MIDDLE) < 25


@pytest.mark.parametrize("value", [0, 26, 128, 255])
def test_a_plain_picture_is_not_looked_at_again(value: int) -> None:
    assert normalise_locally(np.full((96, 160, 3), value, np.uint8)) is None


def test_parts_with_contrast_stay_as_they_are() -> None:
    rich, faint = scene(60, 128), scene(5, 30)
    picture = np.concatenate([rich, faint], axis=1)
    out = normalise_locally(picture)
    assert out is not None
    far = 160 - 4 * CELL
    kept = np.abs(out[:, :far].astype(int) - picture[:, :far])
    assert np.median(kept) <= 1
    assert out[:, -far:].std() > 2 * faint.std()
    assert (
        normalise_locally(scene(2 * FAINT_CONTRAST, 128)) is None
        or np.median(np.abs(normalise_locally(rich).astype(int) - rich)) <= 1
    )  # type: ignore[union-attr]


@given(st.integers(1, 70), st.integers(1, 70), st.integers(0, 255))
def test_any_size_and_brightness_goes_through(height: int, width: int, value: int) -> None:
    picture = np.full((height, width, 3), value, np.uint8)
    picture[::2, ::2] = 255 - value
    out = normalise_locally(picture)
    assert out is None or (out.shape == picture.shape and out.dtype == np.uint8)


class Bright:
    """Sees one face wherever the picture's brightest spot is over 60, at its place."""

    def __init__(self, side: float = 10.0) -> None:
        self.looks, self.side = 0, side
        self.asked: list[float] = []

    def __call__(self, picture: np.ndarray, threshold: float) -> Detections:
        self.looks += 1
        self.asked.append(threshold)
        y, x = np.unravel_index(picture[..., 0].argmax(), picture.shape[:2])
        if picture[y, x, 0] <= 60:
            return Detections.none()
        box = np.array([[x - 5, y - 5, self.side, self.side]], np.float32)
        return Detections(box, np.zeros((1, 5, 2), np.float32), np.ones(1, np.float32))


def test_what_is_only_seen_in_the_dark_is_found_there() -> None:
    eye = Bright()
    assert not len(eye(scene(6, 20), 0.2))
    hidden = detect_faint_faces(eye, scene(6, 20), 0.2, Detections.none())
    assert len(hidden) == 1
    assert not len(detect_faint_faces(eye, scene(6, 20), 0.2, hidden))  # a face that was found is no second one
    looks = eye.looks
    assert not len(detect_faint_faces(eye, np.full((64, 64, 3), 200, np.uint8), 0.2, Detections.none()))
    assert eye.looks == looks  # a plain picture is not searched


def wide(contrast: float, mean: float) -> np.ndarray:
    return scene(contrast, mean, (720, 1280))


def test_at_full_size_only_small_and_certain_faces_are_looked_for_in_the_dark() -> None:
    settings = DetectSettings()
    eye = Bright()
    search = FaceSearch(eye, settings)
    found = search.faint_small(wide(6, 20), Detections.none())
    assert len(found) == 1
    assert not len(search.faint_small(wide(6, 20), found))  # it was found before
    doubtful = Detections(found.boxes, found.landmarks, np.float32([settings.keep]))
    assert len(search.faint_small(wide(6, 20), doubtful)) == 1  # what may be no face stands in nobody's way
    assert set(eye.asked) == {settings.birth}
    eye.side = LARGE
    assert not len(search.faint_small(wide(6, 20), Detections.none()))


def test_a_picture_no_larger_than_the_overview_is_not_searched_twice() -> None:
    eye = Bright()
    assert not len(FaceSearch(eye, DetectSettings()).faint_small(scene(6, 20, (360, 640)), Detections.none()))
    assert not eye.asked


def test_a_small_face_in_the_dark_and_its_noise_is_found(store, needs) -> None:
    needs(store, "yunet", "demo-photos")
    search = FaceSearch(make_detector(store, "yunet"), DetectSettings())
    photo = np.asarray(cv2.imread(str(store.path("demo-photos") / "obama.jpg")), np.uint8)
    face = search.thorough(photo).strongest().boxes[0]
    small = cv2.resize(photo, None, fx=40 / face[2], fy=40 / face[2], interpolation=cv2.INTER_AREA)
    picture = np.full((720, 1280, 3), 128.0)
    picture[100 : 100 + small.shape[0], 600 : 600 + small.shape[1]] = small
    picture = picture * 0.03 + np.random.default_rng(0).normal(0, 3, picture.shape)
    dark = np.clip(picture, 0, 255).astype(np.uint8)
    plain = search.thorough(dark)
    before = Detections.join([plain, search.faint(dark, plain)])
    assert not (before.scores >= DetectSettings().birth).any()
    found = search.faint_small(dark, before)
    assert len(found) == 1
    assert iou_matrix(found.boxes, (face * 40 / face[2] + [600, 100, 0, 0])[None].astype(np.float32))[0, 0] > 0.5


def test_what_is_not_in_deep_shade_is_not_looked_for_at_full_size() -> None:
    """It is found as it is; more finds would only be more masks over people who agreed."""
    search = FaceSearch(Bright(side=100.0), DetectSettings())
    assert len(search.faint_small(wide(DEEP_SHADE / 2, 60), Detections.none())) == 1
    assert not len(search.faint_small(wide(DEEP_SHADE * 2, 60), Detections.none()))
