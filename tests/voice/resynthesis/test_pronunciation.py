"""Words become the phonemes that the synthesiser takes, without a GPL phonemiser."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.resynthesis import Pronunciation, tokens_of
from voice.resynthesis.kokoro import _ALPHABET
from weights import Store

LETTERS = {letter.upper(): f"<{letter}>" for letter in "abcdefghijklmnopqrstuvwxyz"}


class Rules(Pronunciation):
    """With a dictionary of three words and no network: what is not in it is guessed as its letters in brackets."""

    def __init__(self) -> None:
        super().__init__({"walk": "wˈɔk", "rate": {"DEFAULT": "ɹˈAt"}, "try": "tɹˈI", "US": "jˌuˈɛs", **LETTERS}, {})

    def _guess(self, word: str) -> str:
        return f"[{word}]"


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("walks", "wˈɔks"),
        ("walked", "wˈɔkt"),
        ("walking", "wˈɔkɪŋ"),
        ("rates", "ɹˈAts"),
        ("rated", "ɹˈAɾᵻd"),
        ("rating", "ɹˈAɾɪŋ"),
        ("tries", "tɹˈIz"),
        ("tried", "tɹˈId"),
        ("walk's", "wˈɔks"),
        ("Walk", "wˈɔk"),
        ("US", "jˌuˈɛs"),
        ("XML", "<x> <m> <l>"),
        ("hmm", "<h> <m> <m>"),
        ("gorbal", "[gorbal]"),
    ],
)
def test_forms_of_a_word_follow_from_it(word: str, said: str) -> None:
    assert Rules().word(word) == said


def test_small_words_are_said_as_their_neighbours_want_it() -> None:
    said = Rules()(["the", "rate", "to", "us", "the", "US", "walk", "to."])
    assert [said[0], said[2], said[4], said[7]] == ["ðə", "tʊ" if said[3][0] in "AIOu" else "tə", "ðə", "tu"]
    assert Rules()(["the", "ABC"])[0] == "ðə"


def test_every_word_has_its_own_phonemes_and_punctuation_has_none() -> None:
    assert Rules()(["walk,", "…", "25", "well-walked"])[0::3] == ["wˈɔk", "[well] wˈɔkt"]
    assert Rules()(["…", "?!", ""]) == ["", "", ""]


@given(st.lists(st.text(max_size=12), max_size=6))
def test_anything_can_be_asked_for(words: list[str]) -> None:
    assert len(Rules()(words)) == len(words)


@pytest.fixture(scope="module")
def english(store: Store, needs) -> Pronunciation:
    needs(store, "misaki-en", "g2p-en")
    return Pronunciation.from_store(store)


def test_english_is_said_in_the_synthesisers_alphabet(english: Pronunciation) -> None:
    words = "The quick brown fox jumps over Szymborska's kubernetes, 3 cafés & a NASA rig."
    said = english(words.split())
    assert said[:4] == ["ðə", "kwˈɪk", "bɹˈWn", "fˈɑks"]
    assert all(said), "no word is passed over"
    assert set("".join(said)) <= set(_ALPHABET)
    assert all(len(tokens_of(phones)) == len(phones) for phones in said)


def test_the_network_guesses_like_the_dictionary(english: Pronunciation) -> None:
    """Words that both know: most consonants in the same order."""
    words = ["banana", "table", "window", "garden", "yellow", "market", "doctor", "silver", "winter", "problem"]
    consonants = set("bdfhklmnpstvwzɡŋɹʃʒʤʧθð")
    alike = []
    for word in words:
        known, guessed = english.word(word), english._guess(word)
        alike.append([c for c in known if c in consonants] == [c for c in guessed if c in consonants])
    assert np.mean(alike) >= 0.8
