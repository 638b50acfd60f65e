"""Template matching: a face that moved a little is found where it is now, and a plain patch never is."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from vision.tracking.template_match import TemplateMatcher

BOX = np.array([120, 80, 60, 60], np.float32)
BLURRED = cv2.GaussianBlur(np.random.default_rng(0).integers(0, 256, (240, 320, 3), np.uint8), (0, 0), 4)
PICTURE = cv2.normalize(BLURRED, None, 0, 255, cv2.NORM_MINMAX)


def shifted(x: int, y: int) -> np.ndarray:
    return np.roll(PICTURE, (y, x), axis=(0, 1))


@pytest.mark.parametrize(("x", "y"), [(0, 0), (10, 0), (-10, 5), (5, -20)])
def test_a_face_is_found_where_it_moved(x: int, y: int) -> None:
    matcher = TemplateMatcher()
    matcher.keep(PICTURE, 1.0, {1: BOX}, {1})
    found = matcher.find(1, shifted(x, y), 1.0, BOX)
    assert found is not None
    assert np.abs(found - np.add(BOX, [x, y, 0, 0])).max() < 3


def test_a_picture_that_changed_holds_no_match() -> None:
    matcher = TemplateMatcher()
    matcher.keep(PICTURE, 1.0, {1: BOX}, {1})
    assert matcher.find(1, np.ascontiguousarray(PICTURE[::-1, ::-1]), 1.0, BOX) is None


def test_a_plain_patch_is_not_kept() -> None:
    matcher = TemplateMatcher()
    matcher.keep(np.full_like(PICTURE, 90), 1.0, {1: BOX}, {1})
    assert matcher.find(1, np.full_like(PICTURE, 90), 1.0, BOX) is None


def test_tracks_that_ended_are_forgotten() -> None:
    matcher = TemplateMatcher()
    matcher.keep(PICTURE, 1.0, {1: BOX, 2: BOX}, {1, 2})
    matcher.keep(PICTURE, 1.0, {}, {2})
    assert matcher.find(1, PICTURE, 1.0, BOX) is None
    assert matcher.find(2, PICTURE, 1.0, BOX) is not None
