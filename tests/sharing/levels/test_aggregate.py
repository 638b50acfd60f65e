"""``aggregate``: what one person adds is bounded, the noise is what it should be, and small cells are suppressed."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.levels import Aggregate, Budget, Included, Session, counts
from sharing.levels.aggregate import FILE, SUPPRESSED
from sharing.policy import Counting
from timeline import Person, Recording, RefusedError, Timeline, Turn

BOUNDS = Counting(most_sessions=2, most_turns=3, most_minutes=2)


@st.composite
def projects(draw: st.DrawFn) -> list[Session]:
    """Up to three sessions of up to four people with up to six turns each, overlapping at will."""
    sessions = []
    for number in range(draw(st.integers(1, 3))):
        ids = draw(st.sets(st.sampled_from("abcd"), min_size=1))
        turns = []
        for id in sorted(ids):
            for _ in range(draw(st.integers(0, 6))):
                start = draw(st.integers(0, 300))
                turns.append(Turn(start=start, end=start + draw(st.integers(1, 200)), person=id))
        timeline = Timeline(
            recording=Recording(duration=500.0), people=[Person(id=i, pseudonym=i) for i in sorted(ids)], turns=turns
        )
        people = {id: Included(f"P-{id}") for id in ids}
        sessions.append(Session(f"S-{number}", timeline, people))
    return sessions


def without(sessions: list[Session], id: str) -> list[Session]:
    """The same project, as if somebody had never been there."""
    out = []
    for session in sessions:
        timeline = session.timeline.model_copy(
            update={"turns": [turn for turn in session.timeline.turns if turn.person != id]}
        )
        people = {key: one for key, one in session.people.items() if key != id}
        out.append(replace(session, timeline=timeline, people=people))
    return out


@given(projects(), st.sampled_from("abcd"))
def test_nobody_changes_a_count_by_more_than_its_bound(sessions: list[Session], id: str) -> None:
    for one, other in zip(counts(sessions, BOUNDS), counts(without(sessions, id), BOUNDS), strict=True):
        assert abs(one.value - other.value) <= one.most, one.name


@pytest.fixture
def many() -> list[Session]:
    """A session of forty people with two turns each."""
    ids = [f"p{n}" for n in range(40)]
    turns = [Turn(start=n * 10.0, end=n * 10.0 + 9, person=id) for n, id in enumerate(ids * 2)]
    timeline = Timeline(
        recording=Recording(duration=900.0), people=[Person(id=i, pseudonym=i) for i in ids], turns=turns
    )
    return [Session("S-1", timeline, {id: Included(f"P-{id}") for id in ids})]


@pytest.fixture
def aggregate(tmp_path: Path) -> Callable[[float], Aggregate]:
    """A level that costs a given epsilon, of a budget of 4."""
    pytest.importorskip("opendp")
    budget = Budget(tmp_path / "b.sqlite", 4.0)
    return lambda epsilon: Aggregate(Counting(), budget, epsilon)


def rows(text: str) -> dict[str, str]:
    return {line.split(",")[0]: line.split(",")[1] for line in text.splitlines()[1:]}


def test_counts_are_rounded_or_suppressed(many: list[Session], aggregate: Callable[[float], Aggregate]) -> None:
    found = rows(aggregate(4.0).make(many).texts[FILE])
    assert found.keys() == {"people", "turns", "overlaps", "minutes"}
    assert all(value == SUPPRESSED or (int(value) % 5 == 0 and int(value) > 5) for value in found.values())
    assert 20 <= int(found["people"]) <= 60


def test_the_cost_is_spent_and_then_refused(many: list[Session], aggregate: Callable[[float], Aggregate]) -> None:
    aggregate(3.0).make(many)
    with pytest.raises(RefusedError):
        aggregate(3.0).make(many)
    aggregate(1.0).make(many)


def test_noise_follows_the_discrete_laplace_law() -> None:
    pytest.importorskip("opendp")
    from scipy.stats import chisquare

    from sharing.levels import noisy

    epsilon, most, draws = 1.0, 2, 4000
    found = Counter(max(-8, min(8, noisy(0, most, epsilon))) for _ in range(draws))
    q = math.exp(-epsilon / most)
    chance = {k: (1 - q) / (1 + q) * q ** abs(k) for k in range(-7, 8)}
    tail = (1 - sum(chance.values())) / 2
    expected = [tail, *chance.values(), tail]
    # The draws cannot be seeded; one run in 100 000 fails by chance.
    assert chisquare([found[k] for k in range(-8, 9)], [e * draws for e in expected]).pvalue > 1e-5


@given(most=st.integers(1, 5000), epsilon=st.floats(1e-3, 10.0))
def test_the_proved_cost_never_exceeds_epsilon_not_even_by_a_rounding_error(most: int, epsilon: float) -> None:
    pytest.importorskip("opendp")
    from sharing.levels import laplace

    cost = laplace(most, epsilon).map(most)
    assert epsilon * (1 - 1e-9) <= cost <= epsilon


def test_without_the_library_nothing_is_spent(
    many: list[Session], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    from sharing.optional_libraries import MissingExtraError

    monkeypatch.setitem(sys.modules, "opendp", None)
    monkeypatch.setitem(sys.modules, "opendp.prelude", None)
    budget = Budget(tmp_path / "b.sqlite", 4.0)
    with pytest.raises(MissingExtraError, match="opendp"):
        Aggregate(Counting(), budget, 1.0).make(many)
    assert budget.spent() == 0.0
