"""The readers' texts: whole sentences of words that a synthesiser can say, each with a number of its own."""

import re

import pytest

from evaluation.data.reading_passages import TEXTS


@pytest.mark.parametrize("number", TEXTS)
def test_a_passage_is_one_sentence_of_plain_words(number: int) -> None:
    assert re.fullmatch(r"[A-Z][A-Za-z ,]+\.", TEXTS[number])
    assert "  " not in TEXTS[number]


def test_no_two_numbers_share_a_sentence() -> None:
    assert len(set(TEXTS.values())) == len(TEXTS)
