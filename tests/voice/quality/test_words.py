"""Word errors are an edit distance."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from voice.quality import plain_words, word_errors

WORDS = st.lists(st.sampled_from(["a", "b", "c"]), max_size=8)


@given(WORDS, WORDS, WORDS)
def test_it_is_a_distance(one: list[str], other: list[str], third: list[str]) -> None:
    assert word_errors(one, one) == 0
    assert word_errors(one, other) == word_errors(other, one)
    assert (word_errors(one, other) == 0) == (one == other)
    assert word_errors(one, third) <= word_errors(one, other) + word_errors(other, third)


def test_examples() -> None:
    assert word_errors(["the", "cat", "sat"], ["the", "cat", "sat", "down"]) == 1
    assert word_errors(["the", "cat", "sat"], []) == 3
    assert word_errors(["the", "cat", "sat"], ["a", "cat", "sits"]) == 2


def test_words_are_compared_without_case_and_marks() -> None:
    assert plain_words("Don’t — stop, NOW!") == ["don't", "stop", "now"]
