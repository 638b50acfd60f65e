"""Entities that overlap are made one."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from redaction.text.entity import Entity, merge

finds = st.lists(
    st.builds(
        lambda a, n, s: Entity(a, a + n, "X", s, "test"),
        st.integers(0, 40),
        st.integers(0, 9),
        st.sampled_from([0.2, 0.9]),
    ),
    max_size=8,
)


@settings(deadline=None)
@given(finds)
def test_merging_covers_the_same_characters_and_is_disjoint(items):
    merged = merge(items)
    cover = {i for f in items for i in range(f.start, f.end)}
    assert {i for f in merged for i in range(f.start, f.end)} == cover
    assert all(a.end <= b.start for a, b in itertools.pairwise(merged))


def test_the_surest_gives_its_name():
    merged = merge(
        [Entity(0, 5, "URL", 0.5, "a"), Entity(3, 9, "EMAIL_ADDRESS", 0.9, "b"), Entity(8, 12, "URL", 0.6, "c")]
    )
    assert merged == [Entity(0, 12, "EMAIL_ADDRESS", 0.9, "b")]


def test_a_phone_number_that_a_model_takes_for_a_time_stays_a_phone_number():
    time, phone = Entity(0, 20, "DATE_TIME", 0.85, "model"), Entity(0, 12, "PHONE_NUMBER", 0.7, "digits")
    assert merge([time, phone]) == [Entity(0, 20, "PHONE_NUMBER", 0.7, "digits")]
