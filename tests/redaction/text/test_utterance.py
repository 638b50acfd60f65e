"""An utterance: tokens and words, and from characters to both and back."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from redaction.text.lexicon import bare_word
from redaction.text.utterance import Utterance
from timeline import Segment, Word


@settings(deadline=None)
@given(st.lists(st.text("abcé", min_size=1, max_size=5), min_size=1, max_size=8), st.data())
def test_words_of_a_span(words, data):
    text = Utterance.of([Word(start=0.0, end=0.0, text=word) for word in words])
    start = data.draw(st.integers(0, len(text.text)))
    end = data.draw(st.integers(start, len(text.text)))
    owner = [i for i, w in enumerate(words) for _ in range(len(w) + 1)][: len(text.text)]
    touched = {owner[i] for i in range(start, end) if text.text[i] != " "}
    got = text.words(start, end)
    assert set(got) == touched
    first, last = data.draw(st.integers(0, len(words) - 1)), len(words) - 1
    a, b = text.span(first, last)
    assert text.text[a:b] == " ".join(words[first:])


def test_repr_shows_no_word():
    assert "secret" not in repr(Utterance("secret"))
    assert "secret" not in repr(Utterance("secret").tokens)


def test_tokens_know_their_place_their_word_and_their_marks():
    said, anna = Utterance("so  Anna's!").tokens
    assert (said.start, said.end, said.text, said.word, said.low) == (0, 2, "so", "so", "so")
    assert (anna.start, anna.end, anna.text, anna.word, anna.low) == (4, 11, "Anna's!", "Anna", "anna")
    assert anna.ends_sentence
    assert anna.pauses
    assert not said.pauses


def test_only_capitals_other_than_i_count():
    assert Utterance("I saw Anna").cased
    assert not Utterance("and I saw her").cased
    assert not Utterance("I saw her. and I ran.").cased
    assert Utterance("I saw her. I ran.").cased


def test_words_keep_their_times_and_may_be_written_otherwise():
    words = [Word(start=0.0, end=0.5, text="New York"), Word(start=1.0, end=1.5, text="then")]
    utterance = Utterance.of(words, ["New York.", "then"])
    assert utterance.text == "New York. then"
    assert utterance.times == (Segment(0.0, 0.5), Segment(1.0, 1.5))
    assert utterance.words(4, 8) == range(1)
    assert Utterance("then").times == ()


@settings(deadline=None)
@given(st.text("ab .'", max_size=20), st.data())
def test_tokens_of_a_part_are_those_of_the_part_alone(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    alone = [(start + m.start(), start + m.end(), bare_word(m.group())) for m in re.finditer(r"\S+", text[start:end])]
    assert [(t.start, t.end, t.word) for t in Utterance(text).within(start, end)] == alone
    assert [t.start for t in Utterance(text).within(start)] == [
        m.start() for m in re.compile(r"\S+").finditer(text, start)
    ]


def test_the_first_token_from_a_place_on():
    utterance = Utterance("so Anna came")
    assert [utterance.token_at(offset) for offset in (0, 1, 3, 4, 99)] == [0, 1, 1, 2, 3]
