"""Timing: habits of turn taking recognise people, constant times do not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from discreet.redteam.target import Target
from discreet.redteam.timing import timing
from tests.discreet.redteam.conftest import document
from timeline import Timeline

Results = Callable[[str, Timeline], Target]
LONG = {"a": 4.0, "b": 1.0, "c": 2.0, "d": 8.0}


def session(seed: int, lengths: dict[str, float]) -> Timeline:
    rng, turns, at = np.random.default_rng(seed), [], 0.0
    for _ in range(40):
        who = str(rng.choice(list(lengths)))
        length = lengths[who] * float(rng.uniform(0.9, 1.1)) if len(set(lengths.values())) > 1 else lengths[who]
        turns.append((at, at + length, who))
        at += length + 0.5
    return document(turns)


def test_habits_recognise_people(results: Results) -> None:
    attacked = timing([results(f"s{n}", session(n, LONG)) for n in range(4)])
    assert (attacked.light, attacked.trials, attacked.chance) == ("red", 16, 0.25)


def test_a_constant_rate_gives_away_nothing_certain(results: Results) -> None:
    attacked = timing([results(f"s{n}", session(n, dict.fromkeys("abcd", 2.0))) for n in range(4)])
    assert attacked.light in ("green", "amber")


def test_one_session_is_not_attacked(results: Results) -> None:
    assert timing([results("s", session(1, LONG))]).light == "grey"
