"""Finds and texts: from characters to words and back."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from redaction.text.entity import Entity, TextLike, merge

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


@settings(deadline=None)
@given(st.lists(st.text("abcé", min_size=1, max_size=5), min_size=1, max_size=8), st.data())
def test_words_of_a_span(words, data):
    text = TextLike(words)
    start = data.draw(st.integers(0, len(text.string)))
    end = data.draw(st.integers(start, len(text.string)))
    owner = [i for i, w in enumerate(words) for _ in range(len(w) + 1)][: len(text.string)]
    touched = {owner[i] for i in range(start, end) if text.string[i] != " "}
    got = text.words(start, end)
    assert set(got) == touched
    first, last = data.draw(st.integers(0, len(words) - 1)), len(words) - 1
    a, b = text.span(first, last)
    assert text.string[a:b] == " ".join(words[first:])


def test_repr_shows_no_word():
    assert "secret" not in repr(TextLike(["secret"]))
