"""Calibration: what is likely is likely, and what is fitted to right answers is better than saying nothing."""

import numpy as np
import pytest

from evaluation.data.voice_takes import Takes
from evaluation.metrics.likelihood import cllr, reliability
from evaluation.runs.voice_likelihood import fitted, ratios, voice_trials


@pytest.fixture(scope="module")
def made_up() -> Takes:
    """Twelve voices in two clips and two channels each, of which every second is of the validation set."""
    dice = np.random.default_rng(0)
    rows, vectors = [], []
    for person in range(12):
        voice = dice.normal(size=32)
        for clip in ("one", "two"):
            for channel in ("clean", "room"):
                take = voice + 0.5 * dice.normal(size=32)
                for _ in range(4):
                    vector = take + 0.7 * dice.normal(size=32)
                    vectors.append(vector / np.linalg.norm(vector))
                    rows.append((str(person), "validation" if person % 2 else "read", clip, channel))
    return Takes(np.array(vectors, np.float32), *(np.array(column) for column in zip(*rows, strict=True)))


def test_no_ratio_is_worth_a_bit_and_right_ones_cost_nothing() -> None:
    same = np.array([True, False, False, True])
    assert cllr(np.zeros(4), same) == pytest.approx(1.0)
    assert cllr(np.where(same, 30.0, -30.0), same) == pytest.approx(0.0, abs=1e-6)


def test_pairs_share_no_sound_and_no_validation_voice_meets_a_fitted_one(made_up: Takes) -> None:
    trials = voice_trials(made_up, slice(None))
    assert (trials.cosine < 0.999).all()
    assert trials.validation.any()
    assert not trials.validation.all()


def test_the_fit_is_calibrated_on_voices_it_has_not_seen(made_up: Takes) -> None:
    trials = voice_trials(made_up, slice(None))
    likelihood = fitted(trials.where(~trials.validation))
    held = trials.where(trials.validation)
    score = ratios(held, likelihood)
    assert cllr(score, held.same) < 0.3
    assert np.median(score[held.same]) > 0 > np.median(score[~held.same])
    rows = reliability(score, held.same)
    assert sum(count for *_, count in rows) == len(score)
    assert np.mean([abs(said - share) for said, share, _ in rows]) < 0.25
