"""Windows of long talk: they cover every word, never cut a private phrase, and end with a sentence where they can."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from redaction.settings import SHARED_WORDS, WORDS_AT_ONCE
from redaction.text.private_spans import PrivateSpan
from redaction.text.windows import united, windows
from timeline import Word


def talk(count: int, ends: set[int] = frozenset()) -> list[Word]:
    return [Word(start=0.3 * i, end=0.3 * i + 0.3, text="so." if i in ends else "so") for i in range(count)]


@given(st.integers(0, 900), st.sets(st.integers(0, 899), max_size=30))
def test_windows_cover_every_word_and_overlap(count: int, ends: set[int]) -> None:
    found = windows(talk(count, ends))
    assert {i for window in found for i in window} == set(range(count))
    assert all(len(window) <= WORDS_AT_ONCE + 2 * SHARED_WORDS for window in found)
    for one, other in itertools.pairwise(found):
        assert one.stop - other.start >= 2 * SHARED_WORDS or one.stop == count


def test_a_window_ends_with_a_sentence() -> None:
    first, second = windows(talk(150, ends={99}))
    assert first.stop - SHARED_WORDS == 100 == second.start + SHARED_WORDS


def test_a_window_ends_with_a_pause() -> None:
    words = talk(150)
    words[80:] = [word.model_copy(update={"start": word.start + 2, "end": word.end + 2}) for word in words[80:]]
    assert windows(words)[0].stop - SHARED_WORDS == 80


def test_spans_that_share_a_word_become_one_of_the_better_kind() -> None:
    one, other = PrivateSpan(3, 5, "PERSON", 0.6, "model"), PrivateSpan(5, 8, "PERSON", 0.9, "introduced")
    apart = PrivateSpan(9, 9, "LOCATION", 0.5, "model")
    merged = united([apart, other, one])
    assert [(span.first, span.last) for span in merged] == [(3, 8), (9, 9)]
    assert merged[0].reason == "introduced"
