"""The laws of grouping: exact against every grouping there is, and blind to the order of things."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diarization.fusion.correlation_clustering import likeliest_grouping


def weights(count, pairs):
    out = np.full((count, count), -1.0)
    for (i, j), value in pairs.items():
        out[i, j] = out[j, i] = value
    return out


@st.composite
def problems(draw, most=6):
    count = draw(st.integers(1, most))
    values = st.one_of(st.floats(-6, 6), st.just(-np.inf))
    pairs = {(i, j): draw(values) for i in range(count) for j in range(i)}
    return weights(count, pairs)


def groupings(count):
    """Every way to put ``count`` things into groups, as labels."""
    if count == 0:
        yield []
        return
    for rest in groupings(count - 1):
        for label in range(max(rest, default=-1) + 2):
            yield [*rest, label]


def exact(table):
    """Score of the best grouping, and the probability of each pair, by looking at all groupings."""
    count = len(table)
    pairs = [(i, j) for i in range(count) for j in range(i)]
    every = np.array(list(groupings(count)))
    scores = np.array([sum(table[i, j] for i, j in pairs if row[i] == row[j]) for row in every])
    share = np.exp(scores - scores.max())
    share /= share.sum()
    return scores.max(), np.tensordot(share, every[:, :, None] == every[:, None, :], axes=1)


@settings(max_examples=60, deadline=None)
@given(problems())
def test_the_best_grouping_is_the_best_of_all(table):
    labels, _ = likeliest_grouping(table)
    pairs = [(i, j) for i in range(len(table)) for j in range(i) if labels[i] == labels[j]]
    assert sum(table[i, j] for i, j in pairs) == pytest.approx(exact(table)[0])


@settings(max_examples=60, deadline=None)
@given(problems(5))
def test_the_probability_of_a_pair_is_that_over_all_groupings_where_evidence_joins_everything(table):
    for i in range(1, len(table)):  # a chain of evidence, so that nothing is looked at apart
        table[i, i - 1] = table[i - 1, i] = abs(table[i, i - 1]) if np.isfinite(table[i, i - 1]) else 1.0
        table[i, i - 1] = table[i - 1, i] = max(table[i, i - 1], 0.1)
    _, probability = likeliest_grouping(table)
    assert probability == pytest.approx(exact(table)[1], abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_things_does_not_matter(table, random):
    order = list(range(len(table)))
    random.shuffle(order)
    _, before = likeliest_grouping(table)
    _, after = likeliest_grouping(table[np.ix_(order, order)])
    assert after == pytest.approx(before[np.ix_(order, order)], abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(problems(), st.floats(-5, 0))
def test_something_unrelated_changes_nothing(table, against):
    more = np.full((len(table) + 1,) * 2, against)
    more[:-1, :-1] = table
    _, before = likeliest_grouping(table)
    labels, after = likeliest_grouping(more)
    assert after[:-1, :-1] == pytest.approx(before)
    assert (labels == labels[-1]).sum() == 1


def test_two_that_fit_alike_are_as_likely():
    _, probability = likeliest_grouping(weights(3, {(0, 1): 5.0, (0, 2): 5.0, (1, 2): -np.inf}))
    assert probability[0, 1] == pytest.approx(probability[0, 2])
    assert probability[0, 1] < 0.5


def test_evidence_from_one_place_decides_another():
    """A tie between two is none any more when one of them clearly belongs elsewhere."""
    tie = {(0, 2): 3.0, (0, 3): 3.0, (0, 1): -np.inf, (2, 3): -np.inf}
    _, before = likeliest_grouping(weights(4, tie))
    _, after = likeliest_grouping(weights(4, {**tie, (1, 3): 6.0}))
    assert before[0, 2] < 0.6
    assert after[0, 2] > 0.9


def test_many_people_are_grouped_as_they_are():
    """Twelve people of three things each, with noise on every weight."""
    rng = np.random.default_rng(5)
    who = np.repeat(np.arange(12), 3)
    table = np.where(who[:, None] == who[None, :], 4.0, -3.0) + rng.normal(0, 1.2, (36, 36))
    labels, _ = likeliest_grouping((table + table.T) / 2)
    assert len(set(labels)) == 12
    assert all(len(set(labels[who == person])) == 1 for person in range(12))
