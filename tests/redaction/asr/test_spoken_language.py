"""Which language is spoken, from what the sound says and from how well words of each language fit it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redaction.asr.base import RecognisedWord
from redaction.asr.settings import LANGUAGE_CHUNKS
from redaction.asr.spoken_language import SpokenLanguage, doubtful, reweigh_languages

PROBABILITY = st.floats(1e-4, 1.0)
LANGUAGES = st.dictionaries(st.sampled_from(["en", "de", "cy", "fr"]), PROBABILITY, min_size=1).map(
    lambda raw: {name: value / sum(raw.values()) for name, value in raw.items()}
)


def words(*probabilities):
    return [RecognisedWord(i / 2, i / 2 + 0.4, "word", p) for i, p in enumerate(probabilities)]


@given(LANGUAGES, st.data())
def test_probabilities_stay_probabilities(languages, data):
    heard = {name: words(*data.draw(st.lists(PROBABILITY, max_size=5))) for name in languages}
    now = reweigh_languages(languages, heard)
    assert sum(now.values()) == pytest.approx(1.0)
    assert all(0 <= p <= 1 + 1e-9 for p in now.values())


@given(LANGUAGES, st.lists(PROBABILITY, min_size=1, max_size=5))
def test_the_same_words_everywhere_change_nothing(languages, probabilities):
    now = reweigh_languages(languages, {name: words(*probabilities) for name in languages})
    assert now == pytest.approx(languages)


def test_a_language_in_which_nothing_is_heard_is_out():
    assert reweigh_languages({"en": 0.3, "de": 0.7}, {"en": words(0.5), "de": []}) == pytest.approx(
        {"en": 1.0, "de": 0.0}
    )


def test_a_language_that_was_not_tried_is_taken_to_fit_as_the_second_best_does():
    now = reweigh_languages({"en": 0.3, "de": 0.2, "cy": 0.5}, {"en": words(0.8, 0.8), "de": words(0.4, 0.4)})
    assert now["cy"] / now["de"] == pytest.approx(2.5)
    assert now["en"] == pytest.approx(0.3 / (0.3 + 0.7 * 0.25))


def test_words_that_fit_no_language_tell_nothing():
    languages = {"en": 0.43, "de": 0.3, "cy": 0.27}
    assert reweigh_languages(languages, {"en": words(0.4, 0.4), "de": words(0.2, 0.3)}) == languages


def test_where_no_language_gives_words_the_sound_decides():
    assert reweigh_languages({"en": 0.3, "de": 0.7}, {"en": [], "de": []}) == {"en": 0.3, "de": 0.7}


def test_saying_less_is_no_evidence():
    short, long = words(0.5), words(0.5, 0.5, 0.5, 0.5)
    assert reweigh_languages({"en": 0.4, "de": 0.6}, {"en": short, "de": long}) == pytest.approx({"en": 0.4, "de": 0.6})


@pytest.mark.parametrize(
    ("languages", "likely"),
    [
        ({}, []),
        ({"en": 0.95, "cy": 0.05}, []),
        ({"en": 0.85, "cy": 0.005}, []),
        ({"de": 0.55, "en": 0.4, "cy": 0.03, "nl": 0.02}, ["de", "en", "cy"]),
    ],
)
def test_only_likely_languages_are_tried_and_only_in_doubt(languages, likely):
    assert doubtful(languages) == likely


def test_a_language_is_settled_by_clear_evidence_or_after_some_chunks():
    clear = SpokenLanguage(None)
    clear.add({"en": 0.9, "de": 0.1})
    assert clear.settled == "en"
    vague = SpokenLanguage(None)
    for count in range(LANGUAGE_CHUNKS):
        assert vague.settled is None, count
        vague.add({"en": 0.6, "de": 0.4})
    assert vague.settled == "en"
    assert vague.best() == ("en", pytest.approx(0.6))


def test_a_given_language_is_not_doubted():
    given_ = SpokenLanguage("de")
    given_.add({"en": 1.0})
    assert given_.best() == ("de", 1.0)
