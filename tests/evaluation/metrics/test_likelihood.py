"""Fitting and judging log-likelihood ratios."""

from __future__ import annotations

import numpy as np
import pytest

from evaluation.metrics.likelihood import cllr, even, fit, reliability, reliability_svg


def test_both_kinds_of_pairs_weigh_the_same() -> None:
    weight = even(np.array([True, False, False, False]))
    assert weight.tolist() == pytest.approx([0.5, 1 / 6, 1 / 6, 1 / 6])


def test_a_fit_finds_the_ratio_that_made_the_pairs() -> None:
    dice = np.random.default_rng(0)
    same = np.arange(40_000) % 2 == 0
    cosine = dice.normal(np.where(same, 0.6, 0.2), 0.2)  # whose ratio is 10 * cosine - 4
    weights, cost = fit(np.stack([cosine, np.ones(len(cosine))], axis=1), same)
    assert weights.tolist() == pytest.approx([10.0, -4.0], abs=0.4)
    assert cost / np.log(2) == pytest.approx(cllr(10 * cosine - 4, same), abs=1e-3)
    rows = reliability(10 * cosine - 4, same)
    assert max(abs(said - share) for said, share, _ in rows) < 0.03
    assert sum(count for *_, count in rows) == len(same)


def test_a_picture_has_a_dot_for_every_row() -> None:
    drawn = reliability_svg({"a": [(0.1, 0.2, 5), (0.9, 0.8, 7)], "b": [(0.5, 0.5, 1)]})
    assert drawn.count("<circle") == 3
    assert drawn.startswith("<svg")
