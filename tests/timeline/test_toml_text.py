"""TOML from outside: its tables, or one kind of error."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline import parse_toml


def test_tables_are_read() -> None:
    assert parse_toml('a = 1\n[b]\nc = "d"\n') == {"a": 1, "b": {"c": "d"}}
    assert parse_toml(f'a = "{"." * 500}"\nb.c.d = 1.5') == {"a": "." * 500, "b": {"c": {"d": 1.5}}}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a = ", "end of document"),
        ("a = " + "[" * 100_000, "nested too deeply"),
        ("a = " + "{b = " * 100_000, "nested too deeply"),
        ("a." * 50_000 + "b = 1", "nested too deeply"),
        ("['a b'." + "a." * 50_000 + "b]", "nested too deeply"),
        ("a = { " + "'a b'.\"c\"." * 50_000 + "b = 1}", "nested too deeply"),
        ("a = " + "9" * 5000, "too many digits"),
        ("a = 2020-13-45", "line 1"),
    ],
)
def test_what_is_wrong_is_said_without_quoting_it(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says) as caught:
        parse_toml(text)
    assert len(str(caught.value)) < 100


@given(st.text(alphabet="ab=[]{}.,\"'\n#0123456789-:T+e_\\ ", max_size=60))
def test_any_text_is_tables_or_that_error(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert isinstance(parse_toml(text), dict)
