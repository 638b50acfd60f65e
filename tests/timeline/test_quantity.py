"""One thing, two things, no things."""

import pytest

from timeline import number_of


@pytest.mark.parametrize(("count", "said"), [(0, "0 files"), (1, "1 file"), (2, "2 files")])
def test_the_noun_agrees_with_the_number(count: int, said: str) -> None:
    assert number_of(count, "file") == said


def test_an_irregular_noun_is_given() -> None:
    assert number_of(1, "person", "people") == "1 person"
    assert number_of(3, "person", "people") == "3 people"
