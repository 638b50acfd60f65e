"""Lips that move in time with the sound are told from lips that move as much at other times."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vision.active_speaker.lip_motion import MOUTH_SHAPE
from vision.active_speaker.settings import LEAST_CROPS
from vision.active_speaker.synchrony import (
    LipSynchrony,
    SynchronyModel,
    agreement,
    default_model,
    lip_features,
    mirrored,
    neighbours,
    sound_features,
    without_slow,
)


def projections(count: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(count, 6))


def test_equal_projections_agree_and_others_do_not() -> None:
    one, other = projections(150, 1), projections(150, 2)
    strength = np.arange(6, 0, -1.0)
    assert agreement(one, one, strength).mean() > 0.8
    assert abs(agreement(one, other, strength).mean()) < 0.1


@given(arrays(float, (40, 6), elements=st.floats(-1e3, 1e3)), st.floats(0.1, 10), st.floats(-5, 5))
@settings(max_examples=30, deadline=None)
def test_loudness_and_light_tell_nothing(rows: np.ndarray, scale: float, shift: float) -> None:
    """The evidence is bounded, and does not depend on the scale or offset of either side."""
    other = projections(40, 3)
    rows = rows + projections(40, 4)
    found = agreement(rows, other, np.ones(6))
    assert np.abs(found).max() <= 2
    assert agreement(rows * scale + shift, other, np.ones(6)) == pytest.approx(found, abs=1e-3)


def test_a_short_track_is_no_evidence() -> None:
    crops = np.zeros((LEAST_CROPS - 1, 112, 112), np.uint8)
    assert (LipSynchrony()(crops, np.zeros(LEAST_CROPS * 640 + 400, np.float32)) == 0).all()


def test_a_still_face_is_no_evidence() -> None:
    crops = np.full((50, 112, 112), 90, np.uint8)
    noise = np.random.default_rng(0).normal(0, 0.1, 50 * 640 + 240).astype(np.float32)
    assert abs(float(LipSynchrony()(crops, noise).mean())) < 1e-6


def test_features_of_the_mirrored_face_are_mirrored() -> None:
    """Flow is not exactly symmetrical; the look is."""
    dice = np.random.default_rng(0)
    start = cv2.resize(dice.integers(0, 255, (10, 10), np.uint8), (112, 112))
    crops = np.stack([np.roll(start, int(3 * np.sin(i)), axis=1) for i in range(30)])
    movement, look = mirrored(*lip_features(crops))
    truth = lip_features(np.ascontiguousarray(crops[:, :, ::-1]))
    assert look == pytest.approx(truth[1], abs=0.02)
    assert np.corrcoef(movement.ravel(), truth[0].ravel())[0, 1] > 0.8
    assert movement.shape == (30, MOUTH_SHAPE[0] * MOUTH_SHAPE[1] * 2)


def test_mirroring_twice_changes_nothing() -> None:
    dice = np.random.default_rng(0)
    rows = dice.normal(size=(5, 96)), dice.normal(size=(5, 252))
    again = mirrored(*mirrored(*rows))
    assert all((a == b).all() for a, b in zip(rows, again, strict=True))


def test_slow_changes_are_subtracted_and_quick_ones_stay() -> None:
    time = np.arange(500) / 25
    slow, quick = np.linspace(0, 10, 500), np.sin(2 * np.pi * 3 * time)
    left = without_slow((slow + quick)[:, None])[50:-50, 0]
    assert left == pytest.approx(quick[50:-50], abs=0.1)


def test_neighbours_are_in_order_of_time() -> None:
    rows = np.arange(5.0)[:, None]
    assert neighbours(rows, 1).tolist()[2] == [1, 2, 3]
    assert neighbours(rows, 1).tolist()[0] == [0, 0, 1]


def test_there_are_four_cepstra_per_crop() -> None:
    assert sound_features(np.zeros(16000, np.float32), 25).shape == (25, 52)


def test_a_model_that_was_written_reads_the_same(tmp_path: Path) -> None:
    model = default_model()
    model.save(tmp_path / "m.npz")
    again = SynchronyModel.load(tmp_path / "m.npz")
    assert all((getattr(model, name) == getattr(again, name)).all() for name in model.__slots__)
