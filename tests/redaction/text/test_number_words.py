"""Number words: tables and patterns name the same words."""

from __future__ import annotations

import re

import pytest

from redaction.text.number_words import MONTH, NATO, NUMBER, NUMBERS, ONE_TO_NINE, TEENS, TENS, UNITS


def test_the_tables_give_digits_in_order() -> None:
    assert [UNITS[word] for word in list(UNITS)[:10]] == [str(n) for n in range(10)]
    assert list(TEENS.values()) == [str(n) for n in range(10, 20)]
    assert list(TENS.values()) == [str(n) for n in range(2, 10)]


@pytest.mark.parametrize("word", sorted(NUMBERS))
def test_the_pattern_names_every_word_of_the_tables(word: str) -> None:
    assert re.fullmatch(NUMBER, word)


def test_zero_is_no_digit_from_one_to_nine() -> None:
    assert set(ONE_TO_NINE.split("|")) == set(UNITS) - {"zero", "oh"}


@pytest.mark.parametrize("word", ["jan", "january", "sept.", "may", "december"])
def test_months_are_found_in_full_and_short(word: str) -> None:
    assert re.fullmatch(MONTH, word)


@pytest.mark.parametrize("word", ["alpha", "alfa", "juliet", "juliett", "x-ray", "xray", "zulu"])
def test_the_spelling_alphabet_is_found_in_every_spelling(word: str) -> None:
    assert re.fullmatch(NATO, word)
