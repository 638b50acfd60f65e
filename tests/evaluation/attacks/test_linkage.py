"""The informed attacker finds who is there to be found, and nobody where rows tell nothing."""

from __future__ import annotations

import numpy as np
import pytest

from evaluation.attacks.linkage import linked

SPEAKERS, SENTENCES = 6, 40
WHO = [f"s{speaker}" for _ in range(SENTENCES) for speaker in range(SPEAKERS)]
NUMBERS = [number for number in range(SENTENCES) for _ in range(SPEAKERS)]


def test_rows_that_name_the_speaker_are_linked() -> None:
    rows = np.array([[float(name[1:])] for name in WHO]) + np.random.default_rng(0).normal(0, 0.2, (len(WHO), 1))
    assert linked(rows, WHO, NUMBERS, 1).rank1 > 0.9
    assert linked(rows, WHO, NUMBERS, 10).rank1 == 1.0


def test_several_turns_tell_more_than_one() -> None:
    rows = np.array([[float(name[1:])] for name in WHO]) + np.random.default_rng(0).normal(0, 1.5, (len(WHO), 1))
    assert linked(rows, WHO, NUMBERS, 10).rank1 > linked(rows, WHO, NUMBERS, 1).rank1 + 0.2


def test_equal_rows_leave_exactly_chance() -> None:
    found = linked(np.ones((len(WHO), 3)), WHO, NUMBERS, 1)
    assert found.trials == len(WHO)
    assert found.rank1 == pytest.approx(found.chance) == 1 / SPEAKERS


def test_what_depends_on_the_words_alone_links_nobody() -> None:
    rows = np.random.default_rng(3).normal(size=(SENTENCES, 2))[NUMBERS]
    assert linked(rows, WHO, NUMBERS, 1).rank1 == pytest.approx(1 / SPEAKERS, abs=0.08)


def test_who_knows_the_text_sees_through_what_it_changes() -> None:
    own = np.array([[float(name[1:])] for name in WHO])
    text = np.random.default_rng(3).normal(0, 50, (SENTENCES, 1))[NUMBERS]
    found = linked(own + text, WHO, NUMBERS, 1)
    assert found.attacker.endswith("text known")
    assert found.rank1 > 0.95


def test_no_sentence_is_learned_from_and_attacked_at_once() -> None:
    # Each row is unlike any other: only who had learned it could know it again.
    rows = np.eye(len(WHO))
    assert linked(rows, WHO, NUMBERS, 1).rank1 < 0.4
