"""Cuts: somebody else in the same place from one frame to the next."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.tracking.settings import CHANGED_SHARE
from vision.tracking.shot_change import ShotChangeDetector, _exchanged

BOX = np.array([[200, 100, 120, 150]], np.float32)


def textured(
    seed: int, shift: tuple[int, int] = (0, 0), gain: float = 1.0, size: tuple[int, int] = (640, 360)
) -> np.ndarray:
    """A picture of large random blobs, one face's worth of structure, moved and dimmed."""
    rng = np.random.default_rng(seed)
    blobs = cv2.resize(rng.integers(40, 220, (18, 32)).astype(np.uint8), size, interpolation=cv2.INTER_CUBIC)
    moved = np.roll(blobs, shift, axis=(1, 0)).astype(np.float32) * gain
    return np.repeat(np.clip(moved, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def test_the_first_picture_has_no_cut() -> None:
    assert ShotChangeDetector(0.45)(textured(1), [1], BOX) == set()


def test_another_picture_in_the_same_place_is_a_cut() -> None:
    watch = ShotChangeDetector(0.7)
    watch(textured(1), [1], BOX)
    assert watch(textured(2), [1], BOX) == {1}


@pytest.mark.parametrize("shift", [(0, 0), (12, 0), (-9, 7), (0, -14)])
@pytest.mark.parametrize("gain", [1.0, 0.6])
def test_a_face_that_moves_or_a_light_that_dims_is_none(shift: tuple[int, int], gain: float) -> None:
    watch = ShotChangeDetector(0.45)
    watch(textured(1), [1], BOX)
    assert watch(textured(1, shift, gain), [1], BOX) == set()


def test_only_the_face_that_was_cut_is_named() -> None:
    watch = ShotChangeDetector(0.7)
    before, after = textured(1), textured(1)
    after[80:280, 180:340] = textured(5)[80:280, 180:340]
    boxes = np.concatenate([BOX, np.array([[450, 100, 120, 150]], np.float32)])
    watch(before, [7, 9], boxes)
    assert watch(after, [7, 9], boxes) == {7}


def test_boxes_outside_of_the_picture_are_no_error() -> None:
    watch = ShotChangeDetector(0.45)
    boxes = np.array([[-400, -400, 50, 50], [630, 350, 100, 100], [0, 0, 1, 1]], np.float32)
    watch(textured(1), [1, 2, 3], boxes)
    watch(textured(2), [1, 2, 3], boxes)


def test_a_part_as_large_as_a_face_that_is_exchanged_is_seen() -> None:
    watch = ShotChangeDetector(0.45)
    watch(textured(1), [], BOX[:0])
    picture = textured(1)
    watch(picture, [], BOX[:0])
    assert not watch.changed
    picture = picture.copy()
    picture[100:160, 200:260] = 255 - picture[100:160, 200:260]
    picture[100:160, 200:260] //= 2
    watch(picture, [], BOX[:0])
    assert watch.changed
    watch(picture, [], BOX[:0])
    assert not watch.changed


@pytest.mark.parametrize("shift", [(3, 0), (-2, 2)])
def test_what_merely_moves_is_no_exchange(shift: tuple[int, int]) -> None:
    watch = ShotChangeDetector(0.45)
    watch(textured(1), [], BOX[:0])
    watch(textured(1, shift), [], BOX[:0])
    assert not watch.changed


@given(st.integers(0, 400), st.integers(0, 2**32 - 1), st.sampled_from([8, 13, 32]))
def test_a_square_that_changed_is_found_as_if_every_one_were_counted(changed: int, seed: int, side: int) -> None:
    rng = np.random.default_rng(seed)
    before = np.zeros((36, 48), np.uint8)
    now = before.copy()
    x, y = rng.integers(0, 48), rng.integers(0, 36)
    near = np.argsort(np.maximum(np.abs(np.arange(36)[:, None] - y), np.abs(np.arange(48)[None] - x)).ravel())
    now.ravel()[near[:changed]] = 200
    share = cv2.blur(np.where(now > 0, np.uint8(255), np.uint8(0)), (side, side))
    assert _exchanged(before, now, side) == bool((share > CHANGED_SHARE * 255).any())
