"""What is heard is never twice alike, but always speech; the same draw gives the same."""

from __future__ import annotations

import numpy as np

from voice.live.student.training.distort import distorted

CEPSTRA = (np.random.default_rng(0).normal(0, 0.4, (32, 60, 18)) + 8.0 * np.eye(1, 18)[0]).astype(np.float32)


def test_the_same_draw_distorts_alike_and_another_does_not() -> None:
    first, again, other = (distorted(CEPSTRA, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.allclose(first, other)


def test_some_stay_as_they_are_and_the_others_change() -> None:
    same = (distorted(CEPSTRA, np.random.default_rng(3)) == CEPSTRA).all(axis=(1, 2))
    assert 0 < same.sum() < 12


def test_nothing_leaves_the_range_of_features() -> None:
    silent = np.full((4, 60, 18), 0.0, np.float32)
    silent[..., 0] = -12.0
    made = distorted(np.concatenate([CEPSTRA, silent]), np.random.default_rng(0))
    assert np.isfinite(made).all()
    assert made[..., 0].min() > -13.0
    assert np.abs(made).max() < 40.0


def test_what_moves_in_time_still_moves_at_the_same_times() -> None:
    swelling = CEPSTRA.copy()
    swelling[..., 0] += 5.0 * np.sin(np.arange(60) / 5.0)
    made = distorted(swelling, np.random.default_rng(5))
    alike = [np.corrcoef(a[:, 0], b[:, 0])[0, 1] for a, b in zip(swelling, made, strict=True)]
    assert np.median(alike) > 0.9
