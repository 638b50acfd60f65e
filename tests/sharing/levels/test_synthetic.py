"""``synthetic``: a meeting nobody held, of the same structure."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from sharing.levels import Included, Session, Synthetic
from sharing.levels.synthetic import FILLER, invented
from tests.sharing.levels.conftest import LEFT_OUT
from timeline import Person, Recording, Timeline, Turn


def meeting(turns: int = 60) -> Timeline:
    """Two talk much, one little; every fourth turn overlaps."""
    order = ["a", "b", "a", "b", "c"] * (turns // 5)
    return Timeline(
        recording=Recording(duration=turns * 4.0),
        people=[Person(id=i, pseudonym=i) for i in "abc"],
        turns=[Turn(start=n * 4.0, end=n * 4.0 + 3, person=p, overlap=n % 4 == 0) for n, p in enumerate(order)],
    )


def made(seed: int = 1) -> Timeline:
    return invented(meeting(), np.random.default_rng(seed))


def test_no_word_and_no_pseudonym_of_the_session_is_in_it(session: Session) -> None:
    export = Synthetic({}, lambda token: 1).make([session])
    text = "".join(export.texts.values())
    assert not any(told in text for told in (*LEFT_OUT, "P-AAAA", "morning", "hello"))
    timeline = export.timelines[session.token]
    assert {word.text for word in timeline.words} <= set(FILLER)
    assert {person.label for person in timeline.people} == {"Speaker 1", "Speaker 2"}


def test_shares_and_overlaps_are_like_those_of_the_session() -> None:
    turns = Counter(turn.person for turn in made().turns)
    assert sorted(turns.values()) == [10, 25, 25]
    overlaps = [sum(t.overlap for t in made(seed).turns) / len(made(seed).turns) for seed in range(20)]
    assert np.mean(overlaps) == pytest.approx(0.25, abs=0.05)


def test_an_overlapping_turn_begins_before_the_one_before_ends_and_others_after() -> None:
    ends = 0.0
    for turn in made().turns:
        assert turn.overlap == (turn.start < ends)
        ends = max(ends, turn.end)


def test_nobody_takes_two_turns_in_a_row_while_others_are_left() -> None:
    order = [turn.person for turn in made().turns]
    doubles = sum(a == b for a, b in pairwise(order))
    assert doubles <= 3


def test_the_seed_decides() -> None:
    assert made(1) == made(1)
    assert made(1) != made(2)


def test_a_session_without_turns_gives_an_empty_meeting() -> None:
    empty = Session("S-1", Timeline(recording=Recording(duration=1.0)), dict[str, Included]())
    assert Synthetic({}, lambda token: 1).make([empty]).timelines["S-1"].turns == []
