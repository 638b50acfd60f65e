"""Unusual access is told from usual access, by each actor's own habit."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from scipy.stats import nbinom

from sharing.audit import Entry, Event, anomalies
from sharing.audit.anomalies import negative_binomial_tail

START = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)


def lines(day: int, hours: list[int], actor: str = "u1", outcome: str = "allowed") -> list[Entry]:
    made = Event.model_validate({"actor": actor, "action": "read", "outcome": outcome})
    return [Entry.of(made, 1, START + dt.timedelta(days=day, hours=int(hour))) for hour in hours]


def habit(days: int, rate: float = 5.0, seed: int = 0) -> list[Entry]:
    rng = np.random.default_rng(seed)
    return [e for day in range(days) for e in lines(day, list(rng.integers(8, 18, rng.poisson(rate))))]


def kinds(entries: list[Entry], day: int) -> set[str]:
    return {a.kind for a in anomalies(entries) if a.day == (START + dt.timedelta(days=day)).date()}


def test_nothing_is_unusual_in_an_empty_log() -> None:
    assert anomalies([]) == []


def test_a_habit_is_not_unusual() -> None:
    assert anomalies(habit(60)) == []


def test_a_burst_is() -> None:
    assert kinds(habit(30) + lines(30, [10] * 60), 30) == {"burst"}


def test_a_newcomer_who_reads_everything_at_once_is() -> None:
    assert kinds(lines(0, [10] * 60), 0) == {"burst"}


def test_a_fourfold_drip_is_found_although_no_day_stands_out() -> None:
    usual = habit(40, rate=1.0)
    drip = [e for day in range(40, 47) for e in lines(day, [9, 11, 13, 15])]
    found = {a.kind for a in anomalies(usual + drip)}
    assert found == {"drip"}


def test_night_access_is_found_once_the_usual_hours_are_known() -> None:
    assert kinds(habit(40) + lines(40, [3]), 40) == {"hour"}


def test_refused_requests_are_reported_and_do_not_count_as_access() -> None:
    assert kinds(habit(10) + lines(10, [9] * 5, outcome="refused"), 10) == {"refused"}


def test_one_actors_habit_says_nothing_about_another() -> None:
    busy = [e for day in range(30) for e in lines(day, [10] * 40, actor="busy")]
    found = anomalies(busy + lines(30, [10] * 40, actor="quiet"))
    assert [(a.actor, a.kind) for a in found if a.day == (START + dt.timedelta(days=30)).date()] == [("quiet", "burst")]


@pytest.mark.parametrize("count", [0, 1, 5, 40])
@pytest.mark.parametrize(("shape", "rate"), [(6.0, 2.0), (150.5, 30.0), (0.7, 0.1)])
def test_the_tail_is_the_negative_binomials(count: int, shape: float, rate: float) -> None:
    expected = nbinom.sf(count - 1, shape, rate / (rate + 1.0))
    assert negative_binomial_tail(count, shape, rate) == pytest.approx(expected, rel=1e-9, abs=1e-12)
