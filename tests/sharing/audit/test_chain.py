"""The lines of the audit log and the hashes that chain them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.audit.chain import GENESIS, Entry, Event, link, seal

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
keys, lines = st.binary(min_size=32, max_size=32), st.binary(max_size=200)


def test_a_line_has_one_form_whatever_the_order_and_zone_it_was_given_in() -> None:
    one = Entry.of(Event(actor="u1", action="read", detail={"a": 1, "b": 2}), 1, NOON)
    there = NOON.astimezone(dt.timezone(dt.timedelta(hours=5)))
    other = Entry.of(Event(actor="u1", action="read", detail={"b": 2, "a": 1}), 1, there)
    assert one.canonical() == other.canonical()


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="timezone"):
        Entry(actor="u1", action="read", number=1, at=dt.datetime(2026, 3, 1))


@given(key=keys, line=lines, other=lines)
def test_a_changed_line_has_another_seal_and_another_hash(key: bytes, line: bytes, other: bytes) -> None:
    assert (seal(key, line) == seal(key, other)) == (line == other)
    assert (link(key, GENESIS, line) == link(key, GENESIS, other)) == (line == other)


@given(key=keys, line=lines)
def test_a_hash_depends_on_the_line_before_and_is_no_seal(key: bytes, line: bytes) -> None:
    first = link(key, GENESIS, line)
    assert link(key, first, line) != first
    assert seal(key, GENESIS + line) != first


@given(key=keys, other=keys, line=lines)
def test_nobody_without_the_key_can_make_a_seal(key: bytes, other: bytes, line: bytes) -> None:
    assert (seal(key, line) == seal(other, line)) == (key == other)
