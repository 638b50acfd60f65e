"""Figures are said as people say them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.resynthesis.numbers import cardinal, in_words


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("25", "twenty five"),
        ("100", "one hundred"),
        ("2,500", "two thousand five hundred"),
        ("1984", "nineteen eighty four"),
        ("1905", "nineteen oh five"),
        ("1900", "nineteen hundred"),
        ("2024", "two thousand twenty four"),
        ("$4.50", "four dollars fifty"),
        ("$3", "three dollars"),
        ("12.5%", "twelve point five percent"),
        ("007", "zero zero seven"),
        ("3rd", "third"),
        ("21st", "twenty first"),
        ("40th", "fortieth"),
        ("80s", "eighties"),
        ("5551234567", "five five five one two three four five six seven"),
        ("salt & pepper", "salt and pepper"),
        ("plain words", "plain words"),
    ],
)
def test_figures_become_words(written: str, said: str) -> None:
    assert in_words(written).split() == said.split()


@given(st.integers(0, 10**9 - 1))
def test_every_number_has_words_and_no_two_have_the_same(value: int) -> None:
    words = cardinal(value)
    assert words
    assert words != cardinal(value + 1)
    assert not any(letter.isdigit() for word in words for letter in word)


@given(st.text("0123456789,.$%stndh a", max_size=30) | st.text(max_size=30))
def test_no_figure_is_left_in_what_is_said(text: str) -> None:
    assert not any(letter in "0123456789" for letter in in_words(text))
