"""Numbers that are nobody's."""

import pytest

from redaction.recognizers.public_numbers import is_counted, is_public


@pytest.mark.parametrize("said", ["one two three four", "four, three, two, one.", "One, two, three, four, five, six"])
def test_somebody_counts(said: str) -> None:
    assert is_counted(said.split())


@pytest.mark.parametrize("said", ["one two three", "one two four three", "two three four five", "five five five five"])
def test_nobody_counts(said: str) -> None:
    assert not is_counted(said.split())


@pytest.mark.parametrize(("said", "before"), [("3.11.4", "version "), ("B4009.", "we took the "), ("1.2.10", "")])
def test_a_road_or_a_version(said: str, before: str) -> None:
    assert is_public([said], before)


@pytest.mark.parametrize(
    ("said", "before"),
    [("B4009", "my code is "), ("20.40.60", "sort code "), ("555.123.4567", ""), ("3114", "the "), ("C4009", "the ")],
)
def test_a_number_that_may_be_somebodys(said: str, before: str) -> None:
    assert not is_public([said], before)
