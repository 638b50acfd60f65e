"""Score normalisation, by its definition."""

import numpy as np
import pytest

from evaluation.runs.asnorm import as_norm, missed_at


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def test_it_is_the_mean_distance_from_both_sides_of_the_cohort():
    rng = np.random.default_rng(0)
    tests, templates, cohort = (unit(rng.normal(size=(n, 8))) for n in (3, 2, 20))
    found = as_norm(tests, templates, cohort, top=5)
    for i, test in enumerate(tests):
        for j, template in enumerate(templates):
            sides = []
            for vector in (test, template):
                near = sorted((cohort @ vector).tolist())[-5:]
                sides.append((test @ template - np.mean(near)) / np.std(near))
            assert found[i, j] == pytest.approx(np.mean(sides), rel=1e-4)


def test_misses_at_a_rate_of_false_accepts():
    scores = np.concatenate([np.linspace(0, 1, 1000), [0.5, 2.0, 3.0, 4.0]])
    same = np.arange(1004) >= 1000
    assert missed_at(scores, same, 0.001) == 0.25
