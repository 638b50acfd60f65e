"""Crops are cleared of a veil and of noise, and others are left alone."""

from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.detection.multiscale import FaceSearch
from vision.recognition.base import TEMPLATE, SFace, align
from vision.recognition.dehaze import INNER, dehaze, noise
from vision.recognition.settings import HAZE_MOST, HAZE_RANGE, NOISY
from vision.settings import VisionSettings


def spots(low: float, high: float) -> np.ndarray:
    """Soft spots, of which the darkest and the brightest 2 % have these grey values."""
    rows = cv2.GaussianBlur(np.random.default_rng(0).normal(size=(112, 112)), (0, 0), 6)
    a, b = np.percentile(rows[INNER], (2, 98))
    grey = np.clip((rows - a) / (b - a) * (high - low) + low, 0, 255).round().astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)


def noisy(crop: np.ndarray, sigma: float) -> np.ndarray:
    more = np.random.default_rng(1).normal(0, sigma, crop.shape)
    return np.clip(crop + more, 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("low", "high"), [(5, 200), (2, 20), (20, 60), (60, 210)], ids=["daylight", "dark", "dim", "bright"]
)
def test_a_face_with_black_in_it_or_with_contrast_stays_as_it_is(low: float, high: float) -> None:
    crop = spots(low, high)
    assert dehaze(crop) is crop


@pytest.mark.parametrize(("low", "high"), [(70, 120), (120, 140), (150, 200)])
def test_a_veil_is_lifted(low: float, high: float) -> None:
    out = dehaze(spots(low, high))[INNER]
    dark, bright = np.percentile(out, (2, 98))
    assert dark < 0.6 * low
    assert abs(bright - dark - min(HAZE_RANGE, HAZE_MOST * (high - low))) < 12


def test_a_little_more_veil_changes_a_little_more() -> None:
    """No crop of a face that fades jumps to another look."""
    outs = [dehaze(spots(low, low + 80)).astype(int) for low in range(20, 60)]
    assert max(np.abs(b - a).mean() for a, b in pairwise(outs)) < 8
    assert np.abs(outs[-1] - outs[0]).mean() > 5


def test_strong_noise_is_smoothed_and_little_is_not() -> None:
    clean = spots(5, 200)
    strong, little = noisy(clean, 20), noisy(clean, 4)
    assert np.abs(dehaze(strong).astype(int) - clean).mean() < 0.5 * np.abs(strong.astype(int) - clean).mean()
    assert dehaze(little) is little


@pytest.mark.parametrize("sigma", [2.0, 10.0, 20.0])
def test_noise_is_measured(sigma: float) -> None:
    grey = np.random.default_rng(0).normal(120, sigma, (112, 112)).astype(np.float32)
    assert noise(grey) == pytest.approx(sigma, rel=0.1)
    assert (noise(grey) >= NOISY) == (sigma >= NOISY)


@given(st.integers(0, 255), st.integers(0, 255))
def test_any_two_greys_go_through(one: int, other: int) -> None:
    crop = np.full((112, 112, 3), one, np.uint8)
    crop[::2] = other
    out = dehaze(crop)
    assert out.shape == crop.shape
    assert out.dtype == np.uint8


def test_a_veiled_face_counts_as_good_and_is_more_like_itself(store, needs) -> None:
    needs(store, "yunet", "sface", "demo-photos")
    photo = np.asarray(cv2.imread(str(store.path("demo-photos") / "obama.jpg")), np.uint8)
    from vision.factory import make_detector

    face = FaceSearch(make_detector(store, "yunet"), VisionSettings().detect).thorough(photo).strongest().take([0])
    crop = align(photo, face.landmarks[0])
    here = type(face)(face.boxes, TEMPLATE[None], face.scores)
    embed = SFace(store.path("sface"))
    veiled = cv2.convertScaleAbs(cv2.GaussianBlur(crop, (0, 0), 2), alpha=0.15, beta=120)
    (own,), _ = embed(crop, here)
    (seen,), (quality,) = embed(veiled, here)
    raw = embed._net.feature(veiled)[0]
    assert seen @ own > raw @ own / np.linalg.norm(raw)
    assert quality > np.clip((np.linalg.norm(raw) - 6) / 6, 0, 1)
