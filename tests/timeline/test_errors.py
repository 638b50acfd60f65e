"""An error is one line, whatever is in the name that it quotes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline import DiscreetError


@given(st.text())
def test_an_error_is_one_line(text: str) -> None:
    said = str(DiscreetError(text))
    assert said.isprintable()
    assert len(said.splitlines()) <= 1


@pytest.mark.parametrize("text", ["Zoë: 漢字 – “no”", "a b.mp4 cannot be read"])
def test_letters_of_every_language_stay(text: str) -> None:
    assert str(DiscreetError(text)) == text


def test_what_a_terminal_would_act_on_is_escaped() -> None:
    assert str(DiscreetError("a\nb\x1b[2Jc\udc80")) == "a\\nb\\x1b[2Jc\\udc80"
