"""Controlled sampling: no more minutes of a person than allowed, drawn by a seed, and no recording beside a part."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.levels import Included, Session, sampled
from timeline import Person, Recording, Timeline, Turn, Word


def talk(lengths: list[int]) -> Session:
    turns, words, at = [], [], 0.0
    for number, length in enumerate(lengths):
        turns.append(Turn(start=at, end=at + length, person="p1"))
        words.append(Word(start=at, end=at + length, text=str(number), person="p1"))
        at += length + 1
    timeline = Timeline(
        recording=Recording(duration=at), people=[Person(id="p1", pseudonym="p1")], turns=turns, words=words
    )
    return Session("S-1", timeline, {"p1": Included("P-1", quoted=True)}, Path("safe.mp4"))


@given(st.lists(st.integers(1, 90), max_size=20), st.integers(1, 5))
def test_no_more_than_the_minutes_are_left_and_words_go_with_their_turns(lengths: list[int], minutes: int) -> None:
    session = talk(lengths)
    left = sampled(session, minutes, lambda *what: 1)
    assert sum(turn.end - turn.start for turn in left.timeline.turns) <= minutes * 60
    assert len(left.timeline.words) == len(left.timeline.turns)
    assert (left.recording is None) == (len(left.timeline.turns) < len(lengths))


def test_the_seed_decides_what_is_drawn() -> None:
    session = talk([20] * 30)

    def drawn(seed: int) -> list[str]:
        return [word.text for word in sampled(session, 2, lambda *what: seed).timeline.words]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)
    assert len(drawn(1)) == 6


@pytest.mark.parametrize("people", [{}, {"p1": Included("P-1")}])
def test_whoever_is_left_out_has_no_turn_in_a_sample(people: dict[str, Included]) -> None:
    left = sampled(replace(talk([50, 50]), people=people), 1, lambda *what: 1)
    assert len(left.timeline.turns) == len(people)
