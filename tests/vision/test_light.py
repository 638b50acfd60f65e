"""What has little contrast is looked at again, and only that."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.detect import Detections
from vision.light import CELL, CONTRAST, MIDDLE, evened, faint


def scene(contrast: float, mean: float, size: tuple[int, int] = (96, 160)) -> np.ndarray:
    """Soft spots of a standard deviation and a mean, grey."""
    rows = np.random.default_rng(0).normal(size=size)
    spots = cv2.GaussianBlur(rows, (0, 0), 4)
    spots = (spots - spots.mean()) / spots.std() * contrast + mean
    return np.repeat(np.clip(np.round(spots), 0, 255).astype(np.uint8)[..., None], 3, axis=2)


@pytest.mark.parametrize(("contrast", "mean"), [(6, 20), (8, 120), (6, 235)])
def test_a_dark_a_flat_and_a_washed_out_picture_get_contrast_and_a_middling_grey(contrast: float, mean: float) -> None:
    out = evened(scene(contrast, mean))
    assert out is not None
    assert out.std() > 2.5 * contrast
    assert abs(out.mean() - MIDDLE) < 25


@pytest.mark.parametrize("value", [0, 26, 128, 255])
def test_a_plain_picture_is_not_looked_at_again(value: int) -> None:
    assert evened(np.full((96, 160, 3), value, np.uint8)) is None


def test_parts_with_contrast_stay_as_they_are() -> None:
    rich, faint = scene(60, 128), scene(5, 30)
    picture = np.concatenate([rich, faint], axis=1)
    out = evened(picture)
    assert out is not None
    far = 160 - 4 * CELL
    kept = np.abs(out[:, :far].astype(int) - picture[:, :far])
    assert np.median(kept) <= 1
    assert out[:, -far:].std() > 2 * faint.std()
    assert evened(scene(2 * CONTRAST, 128)) is None or np.median(np.abs(evened(rich).astype(int) - rich)) <= 1  # type: ignore[union-attr]


@given(st.integers(1, 70), st.integers(1, 70), st.integers(0, 255))
def test_any_size_and_brightness_goes_through(height: int, width: int, value: int) -> None:
    picture = np.full((height, width, 3), value, np.uint8)
    picture[::2, ::2] = 255 - value
    out = evened(picture)
    assert out is None or (out.shape == picture.shape and out.dtype == np.uint8)


class Bright:
    """Sees one face wherever the picture's brightest spot is over 60, at its place."""

    def __init__(self) -> None:
        self.looks = 0

    def __call__(self, picture: np.ndarray, threshold: float) -> Detections:
        self.looks += 1
        y, x = np.unravel_index(picture[..., 0].argmax(), picture.shape[:2])
        if picture[y, x, 0] <= 60:
            return Detections.none()
        box = np.array([[x - 5, y - 5, 10, 10]], np.float32)
        return Detections(box, np.zeros((1, 5, 2), np.float32), np.ones(1, np.float32))


def test_what_is_only_seen_in_the_dark_is_found_there() -> None:
    eye = Bright()
    assert not len(eye(scene(6, 20), 0.2))
    hidden = faint(eye, scene(6, 20), 0.2, Detections.none())
    assert len(hidden) == 1
    assert not len(faint(eye, scene(6, 20), 0.2, hidden))  # a face that was found is no second one
    looks = eye.looks
    assert not len(faint(eye, np.full((64, 64, 3), 200, np.uint8), 0.2, Detections.none()))
    assert eye.looks == looks  # a plain picture is not searched
