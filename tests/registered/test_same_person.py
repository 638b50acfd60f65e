"""Whether samples are of one person: yes, no, or nothing tells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registered.same_person import ratio, ratios, sort_samples

SURE, TWO = 5.0, -5.0


def table(people: list[int], unsure: float = -9.0) -> np.ndarray:
    """One person's samples are surely alike, those of two as ``unsure`` says."""
    who = np.array(people)
    return np.where(who[:, None] == who[None], 9.0, unsure)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=9))
def test_the_largest_group_is_meant_and_a_tie_means_nobody(people: list[int]) -> None:
    found = sort_samples(table(people), SURE, TWO)
    counts = sorted((people.count(p) for p in set(people)), reverse=True)
    if len(counts) > 1 and counts[0] == counts[1]:
        assert found.same == ()
    else:
        assert len(found.same) == counts[0]
        assert len({people[i] for i in found.same}) == 1
    assert found.unsure == ()
    assert sorted((*found.same, *found.others)) == list(range(len(people)))


@given(st.lists(st.integers(0, 3), min_size=1, max_size=9), st.floats(-4.9, 4.9))
def test_where_nothing_tells_nobody_is_refused_and_nothing_is_joined(people: list[int], unsure: float) -> None:
    found = sort_samples(table(people, unsure), SURE, TWO)
    assert found.others == ()
    assert len({people[i] for i in found.same}) == 1
    assert sorted((*found.same, *found.unsure)) == list(range(len(people)))


def test_a_sample_between_two_others_joins_them() -> None:
    row = np.array([[9.0, 6.0, -9.0], [6.0, 9.0, 6.0], [-9.0, 6.0, 9.0]])
    assert sort_samples(row, SURE, TWO).same == (0, 1, 2)
    assert sort_samples(row, 7.0, TWO).same == ()


def test_no_samples_are_nobody() -> None:
    assert sort_samples(np.zeros((0, 0)), SURE, TWO).same == ()


@dataclass
class Plain:
    same: float = 0.5


@dataclass
class Measured(Plain):
    def ratio(self, cosine: float, one: float, other: float) -> float:
        return cosine * one * other


def test_a_measured_model_is_asked_and_another_knows_its_own_threshold() -> None:
    assert ratio(Measured(), 0.5, 2.0, 3.0) == pytest.approx(3.0)
    assert ratio(Plain(), 0.5, 2.0, 3.0) == 0.0
    assert ratio(Plain(), 0.6, 2.0, 3.0) > 0 > ratio(Plain(), 0.4, 2.0, 3.0)
    np.testing.assert_allclose(ratios(Measured(), np.eye(2), [2.0, 3.0]), [[4.0, 0.0], [0.0, 9.0]])
