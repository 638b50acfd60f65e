"""Words become phrases, and phrases have the times at which they were said."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline import Word
from voice.resynthesis import phrases_of
from voice.resynthesis.phrases import FRAME_SECONDS, Phrase, PhraseTokens, phrase_tokens, time_phrase
from voice.resynthesis.settings import EARLY, FASTEST, LAST_SOUND, LONGEST_PHRASE, MOST_TOKENS, PAUSE, SLOWEST

LENGTH = st.floats(0.05, 1.2)
GAPS = st.floats(0.0, 0.6)


def words_of(lengths: list[tuple[float, float]], person: str | None = "p1", at: float = 1.0) -> list[Word]:
    """Words that follow each other, each as long as the first number says, after a gap of the second."""
    out = []
    for length, gap in lengths:
        at += gap
        out.append(Word(start=round(at, 3), end=round(at + length, 3), text="word", person=person))
        at += length
    return out


SOME = st.lists(st.tuples(LENGTH, GAPS), min_size=1, max_size=40)


@given(SOME, SOME)
def test_every_word_is_in_one_phrase_of_its_person(first: list, second: list) -> None:
    words = sorted(words_of(first) + words_of(second, "p2"), key=lambda word: word.start)
    phrases = phrases_of(words)
    for person in ("p1", "p2"):
        said = [word for phrase in phrases if phrase.person == person for word in phrase.words]
        assert said == [word for word in words if word.person == person]
    assert [phrase.start for phrase in phrases] == sorted(phrase.start for phrase in phrases)


@given(SOME)
def test_phrases_end_at_pauses_and_before_they_grow_too_long(lengths: list) -> None:
    for phrase in phrases_of(words_of(lengths)):
        assert all(b.start - a.end <= PAUSE + 1e-6 for a, b in itertools.pairwise(phrase.words))
        assert phrase.end - phrase.start <= LONGEST_PHRASE + 1e-6
        assert phrase.end <= phrase.limit + 1e-6


@given(SOME)
def test_nobody_is_to_speak_over_their_own_next_phrase(lengths: list) -> None:
    phrases = phrases_of(words_of(lengths))
    assert [phrase.limit for phrase in phrases] == [*(phrase.start for phrase in phrases[1:]), float("inf")]


def test_a_phrase_shows_no_word() -> None:
    assert "word" not in repr(phrases_of(words_of([(0.3, 0.0)]))[0]).replace("words", "")


def test_a_score_holds_every_word_that_can_be_said() -> None:
    score = phrase_tokens(["wˈɔk", "", "tɹˈI"])
    assert score is not None
    assert [n for n, _ in itertools.groupby(score.word)] == [-1, 0, -1, 2, -1]
    assert len(score.tokens) == len(score.word)
    assert (score.tokens[0], score.tokens[-1]) == (0, 0)
    assert phrase_tokens(["", ""]) is None
    long = phrase_tokens(["wˈɔk"] * 200)
    assert long is not None
    assert len(long.tokens) <= MOST_TOKENS + 3


def capped(usual: np.ndarray, last: int) -> np.ndarray:
    """The last sound of a phrase is no longer than it is heard."""
    return np.where(np.arange(len(usual)) == last, np.minimum(usual, LAST_SOUND), usual)


@st.composite
def placed(draw: st.DrawFn) -> tuple[PhraseTokens, np.ndarray, Phrase]:
    phrase = phrases_of(
        words_of(draw(st.lists(st.tuples(LENGTH, st.floats(0.0, PAUSE - 0.01)), min_size=1, max_size=8)))
    )[0]
    score = phrase_tokens(["wˈɔk"] * len(phrase.words))
    assert score is not None
    usual = np.array(draw(st.lists(st.floats(1.0, 5.0), min_size=len(score.tokens), max_size=len(score.tokens))))
    return score, usual, phrase


@given(placed(), st.floats(0.0, 1.0))
def test_a_phrase_lasts_as_long_as_it_did_unless_that_cannot_be_said(
    given: tuple[PhraseTokens, np.ndarray, Phrase], follow: float
) -> None:
    score, usual, phrase = given
    timing = time_phrase(score, usual, phrase, follow)
    spoken = np.flatnonzero(np.array(score.word) >= 0)
    inside = slice(spoken[0], spoken[-1] + 1)
    assert (timing.frames >= 1).all()
    assert timing.start == pytest.approx(phrase.start - timing.frames[0] * FRAME_SECONDS + EARLY)
    made, by_itself = timing.frames[inside].sum(), capped(usual, spoken[-1])[inside].sum()
    wanted = (phrase.end - phrase.start) / FRAME_SECONDS
    least = max(by_itself / FASTEST, spoken[-1] + 1 - spoken[0])
    assert made == pytest.approx(np.clip(wanted, least, by_itself / SLOWEST), abs=len(score.tokens) / 2 + 1)


@given(placed())
def test_words_have_their_own_times_as_far_as_they_can_be_said(given: tuple[PhraseTokens, np.ndarray, Phrase]) -> None:
    score, usual, phrase = given
    timing = time_phrase(score, usual, phrase, 1.0)
    at = np.concatenate([[0], np.cumsum(timing.frames)]) * FRAME_SECONDS
    word = np.array(score.word)
    for number, said in enumerate(phrase.words):
        tokens = np.flatnonzero(word == number)
        begins = timing.start - EARLY + at[tokens[0]]
        rate = usual[tokens].sum() / timing.frames[tokens].sum()
        if timing.followed == 1.0:
            # Tokens last whole frames, at least one: many short ones push a word back.
            late = max(0.0, len(tokens) * FRAME_SECONDS - (said.end - said.start)) + 2 * FRAME_SECONDS
            assert (
                abs(begins - said.start)
                <= late
                + sum(
                    max(0.0, len(np.flatnonzero(word == n)) * FRAME_SECONDS - w.end + w.start)
                    for n, w in enumerate(phrase.words[:number])
                )
                + number * FRAME_SECONDS
            )
            assert rate <= FASTEST * 1.5
    assert 0.0 <= timing.followed <= 1.0


def test_a_steep_warp_is_refused() -> None:
    """One word of 50 ms among words of 1 s: said at its own time it would be a click."""
    phrase = phrases_of(words_of([(0.5, 0), (0.03, 0), (1.0, 0)]))[0]
    score = phrase_tokens(["wˈɔk"] * 3)
    assert score is not None
    usual = np.full(len(score.tokens), 3.0)
    timing = time_phrase(score, usual, phrase, 1.0)
    assert timing.followed < 1.0
    tokens = np.flatnonzero(np.array(score.word) == 1)
    assert usual[tokens].sum() / timing.frames[tokens].sum() <= FASTEST * 1.1
