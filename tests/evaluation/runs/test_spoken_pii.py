"""Spoken private details: where they stand in what was heard, and what counts as heard again."""

import numpy as np
import pytest

from evaluation.data.pii_sentences import HALVES, Said, audible, lost, regions, said, secrets
from evaluation.data.synthetic_voices import phonemes
from evaluation.metrics.word_boundaries import islands
from evaluation.runs.quiet_speakers import BELOW, scene
from evaluation.runs.redaction import score
from evaluation.runs.spoken_pii import Heard, marked, within
from redaction import Entity
from timeline import Segment, Word

WORDS = ["Please", "call", "Siobhan", "Meier", "at", "415-555-0132", "about", "the", "house"]
OWNER = [None, None, 0, 0, None, 1, None, None, None]
SAID = Said(WORDS, OWNER, ["PERSON", "PHONE_NUMBER"], " ".join(WORDS))


def heard(text):
    return [Word(start=i, end=i + 0.5, text=word, confidence=0.9) for i, word in enumerate(text.split())]


def test_a_private_span_is_what_stands_between_the_words_around_it():
    assert regions(SAID, heard("please call Shivaun Mayer at 415 555 0132 about the house")) == [
        range(2, 4),
        range(5, 8),
    ]
    assert [len(r) for r in regions(SAID, heard("please call at 415 about the house"))] == [0, 1]
    assert regions(SAID, heard("call Siobhan")) == [range(1, 2), range(1, 2)]


def test_finds_count_by_span_and_by_word():
    words = heard("please call Siobhan Meier at four one five about the house")
    score = Heard()
    score.add(SAID, regions(SAID, words), [False, True, True, True, False, True, True, False, False, False, False])
    assert (score.found["PERSON"], score.found["PHONE_NUMBER"]) == (1, 0)
    assert (score.right, score.wrong) == (4, 1)
    assert "recall 0.500 precision 0.800" in score.line()


def test_what_is_heard_again():
    assert secrets(SAID) == {"siobhan", "meier", "4155550132"}
    assert audible("meier", heard("and Meier, said"))
    assert audible("catherine", heard("and Katharine said"))
    assert not audible("catherine", heard("and Miller said"))
    assert audible("4155550132", heard("it was five five five I think"))
    assert audible("4155550132", heard("it ends in 0132"))
    assert not audible("4155550132", heard("it was five, and 55 more"))


def test_finds_in_a_text_become_spans_of_its_words():
    words = heard("so Anna Maria came")
    spans = marked(words, lambda text: [Entity(3, 7, "PERSON", 0.9, ""), Entity(5, 13, "PERSON", 0.5, "")])
    assert [(s.first, s.last) for s in spans] == [(1, 2)]


def test_words_spoken_apart_are_islands_of_sound():
    samples = np.zeros(32000, np.float32)
    for start, end in ((0.2, 0.5), (0.55, 0.7), (1.0, 1.4)):
        samples[round(start * 16000) : round(end * 16000)] = 0.1
    assert islands(samples) == [(pytest.approx(0.2), pytest.approx(0.7)), (pytest.approx(1.0), pytest.approx(1.4))]


def test_the_quiet_speaker_is_as_quiet_as_it_says():
    rng = np.random.default_rng(0)
    loud, low = (rng.normal(0, level, 16000).astype(np.float32) for level in (0.1, 0.5))
    audio, far = scene(loud, low)
    part = audio.samples[round(far.start * 16000) : round(far.end * 16000)]
    ratio = np.sqrt(np.mean(part**2) / np.mean(audio.samples[:16000] ** 2))
    assert 20 * np.log10(ratio) == pytest.approx(-BELOW, abs=0.5)


def entry(text, **spans):
    places = [(text.index(value), value, kind) for kind, value in spans.items()]
    spans = [{"entity_type": k, "start_position": at, "end_position": at + len(v)} for at, v, k in places]
    return {"full_text": text, "masked": text, "spans": spans}


def test_people_say_numbers_digit_by_digit_and_signs_by_name():
    told = said(
        entry("card 45398904, write to a.lee@rhyta.com", CREDIT_CARD="45398904", EMAIL_ADDRESS="a.lee@rhyta.com"),
        frozenset(),
    )
    assert told.aloud == "card 4 5 3 9, 8 9 0 4, write to a dot lee at rhyta dot com"
    assert told.span == [None, 0, None, None, 1]
    assert said(entry("it is 94560"), frozenset()).aloud == "it is 9 4 5 6 0"


def test_a_kind_that_the_policy_keeps_is_no_secret():
    told = said(entry("Siobhan at Globex", PERSON="Siobhan", ORGANIZATION="Globex"), frozenset(["ORGANIZATION"]))
    assert secrets(told) == {"siobhan"}
    assert told.entities == ["PERSON"]


def test_words_belong_to_the_sentence_they_are_placed_in():
    words = heard("one two three four five")
    assert within(words, Segment(1.0, 3.0)) == [1, 2, 3]


def test_other_words_are_lost_once_for_each_time_they_are_missing():
    before = heard("so we came and we went")
    assert lost(before, heard("and then we went")) == 3
    assert lost(before, heard("and then we went"), heard("so so")) == 2  # one listener hears what the other does not
    assert lost(before, heard("and then we went"), []) == 3


def test_sounds_of_english_in_the_alphabet_of_the_voice():
    assert phonemes("mˈa\u0361ɪɚ\nstɹˈiːt") == "mˈIəɹ, stɹˈit."
    assert phonemes("(fr)dʒˈɔn(en)") == "dʒˈɔn."


def around(chosen):
    """What stands around the private words: the template, but for kinds that the policy keeps."""
    return {" ".join(w for w, o in zip(s.words, s.span, strict=True) if o is None) for s in chosen}


def test_nothing_is_reported_on_sentences_of_templates_that_rules_are_made_with(media):
    from evaluation.data.pii_sentences import NOT_PRIVATE, sentences

    path = media / "text" / "generated_large.json"
    first, second = (sentences(path, 60, NOT_PRIVATE, half) for half in HALVES)
    shape = [
        {" ".join(w for w, o in zip(s.words, s.span, strict=True) if o is None) for s in half}
        for half in (first, second)
    ]
    assert len(first) == len(second) == 60
    assert len(shape[0] & shape[1]) <= 2


def test_recall_counts_whole_spans_by_their_kind_and_precision_finds_by_theirs():
    texts = [entry("call Siobhan Meier at Globex", PERSON="Siobhan Meier")]
    found = [Entity(5, 12, "PERSON", 0.9, ""), Entity(22, 28, "LOCATION", 0.9, "")]
    part = score(lambda text: found, texts, str)
    assert (part.truth["PERSON"], part.found["PERSON"], part.recall) == (1, 0, 0.0)
    assert (part.right["PERSON"], part.wrong["LOCATION"], part.precision) == (1, 1, 0.5)
    whole = score(lambda text: [Entity(5, 18, "PERSON", 0.9, "")], texts, str)
    assert (whole.recall, whole.precision, whole.f2) == (1.0, 1.0, 1.0)
