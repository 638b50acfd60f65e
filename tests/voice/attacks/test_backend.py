"""Back ends find what tells speakers apart where the angle alone does not, and follow their formulas."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal, norm

from voice.attacks import Plda, Wccn, eer
from voice.attacks.backend import Backend, Cosine, log_likelihood_ratio, shrunk

Floats = npt.NDArray[np.float64]


def converted(speakers: int, takes: int, seed: int) -> tuple[Floats, list[str]]:
    """Two directions tell who speaks; in three others each take lies anywhere, far out."""
    random = np.random.default_rng(seed)
    who = np.repeat(np.arange(speakers), takes)
    identity = random.normal(0, 1.0, (speakers, 2))[who] + random.normal(0, 0.1, (len(who), 2))
    return np.hstack([identity, random.normal(0, 5.0, (len(who), 3))]), [f"s{i}" for i in who]


def rate(backend: Backend, seed: int = 9) -> float:
    vectors, who = converted(30, 2, seed)
    scores = backend.scores(vectors[::2], 1, vectors[1::2])
    return eer(scores.ravel(), np.eye(len(who) // 2, dtype=bool).ravel())


def test_what_is_learned_sees_through_what_the_angle_does_not() -> None:
    vectors, who = converted(60, 6, 0)
    assert rate(Cosine()) > 0.3
    assert rate(Wccn(vectors, who)) < 0.75 * rate(Cosine())
    assert rate(Plda(vectors, who)) < 0.5 * rate(Cosine())


def test_scores_are_higher_for_the_same_speaker_and_have_a_place_for_each() -> None:
    vectors, who = converted(60, 6, 0)
    heard, _ = converted(5, 1, 3)
    scores = Plda(vectors, who).scores(vectors[:4], 6, heard)
    assert scores.shape == (5, 4)
    assert np.isfinite(scores).all()


@settings(max_examples=30)
@given(st.floats(0.1, 4), st.floats(0.1, 4), st.integers(1, 6), st.floats(-3, 3), st.floats(-3, 3))
def test_in_one_dimension_the_ratio_is_that_of_two_normal_densities(
    between: float, within: float, count: int, known: float, heard: float
) -> None:
    found = log_likelihood_ratio(
        np.array([[between]]), np.array([[within]]), np.array([[known]]), count, np.array([[heard]])
    )
    precision = 1 / between + count / within
    expected = count / within * known / precision
    wanted = norm.logpdf(heard, expected, np.sqrt(within + 1 / precision)) - norm.logpdf(
        heard, 0, np.sqrt(between + within)
    )
    assert found[0, 0] == pytest.approx(wanted, abs=1e-6)


def test_in_two_dimensions_it_is_the_joint_density_over_the_product_of_both() -> None:
    between, within = np.array([[2.0, 0.5], [0.5, 1.0]]), np.array([[1.0, -0.2], [-0.2, 0.5]])
    known, heard = np.array([0.3, -1.0]), np.array([1.1, 0.2])
    total, zero = between + within, np.zeros(2)
    joint = multivariate_normal.logpdf(np.r_[known, heard], np.zeros(4), np.block([[total, between], [between, total]]))
    apart = multivariate_normal.logpdf(known, zero, total) + multivariate_normal.logpdf(heard, zero, total)
    found = log_likelihood_ratio(between, within, known[None], 1, heard[None])
    assert found[0, 0] == pytest.approx(joint - apart)


def test_wccn_makes_the_spread_of_a_speaker_alike_in_all_directions() -> None:
    """Takes of a speaker 100 times as far apart in one direction as in the other count alike."""
    random = np.random.default_rng(0)
    who = np.repeat(np.arange(400), 2)
    vectors = random.normal(0, 1.0, (400, 2))[who] * (100.0, 1.0) + random.normal(0, 0.3, (800, 2)) * (100.0, 1.0)
    backend = Wccn(vectors, [str(i) for i in who])
    far = backend.scores(np.array([[100.0, 0.0]]), 1, np.array([[0.0, 1.0]]) * 30)
    assert abs(float(far[0, 0])) < 0.5


@pytest.mark.parametrize("kind", [Wccn, Plda])
def test_too_few_to_learn_from_is_said(kind: type[Wccn] | type[Plda]) -> None:
    with pytest.raises(ValueError, match="two speakers"):
        kind(np.zeros((2, 3)), ["a", "a"])
    with pytest.raises(ValueError, match="two utterances"):
        kind(np.zeros((2, 3)), ["a", "b"])


def test_a_covariance_is_shrunk_the_less_the_more_is_known() -> None:
    random = np.random.default_rng(0)
    true = np.diag([4.0, 1.0, 0.25])

    many = random.normal(size=(5000, 3)) @ np.sqrt(true)
    assert np.abs(shrunk(many, 5000) - true).max() < 0.3
    few = random.normal(size=(4, 40))
    assert np.linalg.eigvalsh(shrunk(few, 4)).min() > 0.1, "what few rows leave open is filled"
    assert np.linalg.matrix_rank(few.T @ few) == 4
