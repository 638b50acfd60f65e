"""Spans: every private word has its placeholder, and the time taken out covers it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redaction import NOT_UNDERSTOOD, PrivateSpan, RedactionSettings, redact, redact_unheard
from redaction.text.private_spans import placeholder, segment_of
from timeline import Person, Recording, Segment, Timeline, Word
from timeline.document import PLACEHOLDER

S = RedactionSettings(pad_before=0.1, pad_after=0.2, pad_into=1.0, merge_gap=0.25, tail=0.0, proof=False)


def say(text, step=0.4, person=None, confidence=0.9, start=0.0):
    return [
        Word(start=start + i * step, end=start + i * step + 0.3, text=t, person=person, confidence=confidence)
        for i, t in enumerate(text.split())
    ]


def private(first, last, entity="PERSON"):
    return PrivateSpan(first, last, entity, 0.9, "test")


def redact_words(*given, **more):
    done = redact(*given, **more)
    return done.words, done.redactions


def test_placeholder_and_padding():
    words, cuts = redact_words(say("my name is Anna Meier today"), [private(3, 4)], S)
    assert [w.text for w in words] == ["my", "name", "is", "[PERSON]", "today"]
    assert len(cuts) == 1
    assert (cuts[0].start, cuts[0].end) == (1.1, 2.1)
    assert words[3].redaction == cuts[0].id
    assert (cuts[0].entity, cuts[0].operator, cuts[0].kind) == ("PERSON", "beep", "word")


def test_neighbours_of_one_kind_are_one_beep_but_a_word_between_stays():
    words, cuts = redact_words(say("Anna Ben and Cleo"), [private(0, 0), private(1, 1), private(3, 3)], S)
    assert [w.text for w in words] == ["[PERSON]", "and", "[PERSON]"]
    assert len(cuts) == 2
    words, cuts = redact_words(say("Anna 555-0132"), [private(0, 0), private(1, 1, "PHONE_NUMBER")], S)
    assert [w.text for w in words] == ["[PERSON]", "[PHONE_NUMBER]"]


def test_a_span_over_two_people_is_split_between_them():
    words = [*say("call 415", person="p1"), *say("555 now", person="p2", start=0.8)]
    out, cuts = redact_words(words, [private(1, 2, "NUMBER")], S)
    assert [(w.text, w.person) for w in out] == [("call", "p1"), ("[NUMBER]", "p1"), ("[NUMBER]", "p2"), ("now", "p2")]
    assert [c.person for c in cuts] == ["p1", "p2"]


def test_kept_entities_stay():
    words = say("it is May")
    assert redact_words(words, [private(2, 2, "DATE_TIME")], S) == (words, [])


def test_an_operator_of_its_own():
    settings = RedactionSettings(policy={"PERSON": "silence"})
    assert redact_words(say("Anna"), [private(0, 0)], settings)[1][0].operator == "silence"
    assert settings.policy["US_SSN"] == "beep"


def test_a_word_without_time_widens_to_its_segment():
    words = say("it cost $13.60 today")
    words[2] = words[2].model_copy(update={"start": 0.7, "end": 0.7})
    far = say("later", start=9.0)
    _, cuts = redact_words([*words, *far], [private(2, 2, "NUMBER")], S)
    assert cuts[0].start == 0.0
    assert cuts[0].end == pytest.approx(1.5 + 0.2)
    assert "segment" in cuts[0].reason
    _, cuts = redact_words(words, [private(2, 2, "NUMBER")], S, segments=[Segment(0.5, 4.0), Segment(6.0, 7.0)])
    assert (cuts[0].start, cuts[0].end) == (pytest.approx(0.4), pytest.approx(4.2))


def test_a_word_hardly_understood_takes_its_neighbours_along():
    words = say("so then Siobhan said it")
    words[2] = words[2].model_copy(update={"confidence": 0.05})
    _, cuts = redact_words(words, [private(2, 2)], S)
    assert cuts[0].start <= words[1].start
    assert cuts[0].end >= words[3].end
    assert "neighbour" in cuts[0].reason


def test_segment_of_ends_at_a_pause():
    words = [*say("a b c"), *say("d e", start=5.0)]
    assert segment_of(words, 1) == Segment(0.0, words[2].end)


def test_padding_spares_the_neighbours_but_fills_a_pause():
    words = [
        Word(start=0.0, end=0.5, text="about", confidence=0.9),
        Word(start=0.5, end=1.0, text="Anna", confidence=0.9),
        Word(start=2.0, end=2.3, text="today", confidence=0.9),
    ]
    _, cuts = redact_words(words, [private(1, 1)], S.model_copy(update={"pad_into": 0.1}))
    assert (cuts[0].start, cuts[0].end) == (0.45, 1.2)
    # A neighbour whose own time is in doubt is no reason to spare anything.
    words[0] = words[0].model_copy(update={"confidence": 0.01})
    _, cuts = redact_words(words, [private(1, 1)], S.model_copy(update={"pad_into": 0.1}))
    assert cuts[0].start == 0.4


def test_a_neighbour_gives_less_where_the_word_is_sure_and_the_result_is_listened_to():
    settings = S.model_copy(update={"pad_into": 0.2, "pad_into_sure": 0.05, "proof": True})
    words = [
        Word(start=0.0, end=0.5, text="about", confidence=0.9),
        Word(start=0.5, end=1.0, text="Anna", confidence=0.9),
        Word(start=1.0, end=1.4, text="today", confidence=0.9),
    ]

    def around(words, settings):
        (only,) = redact_words(words, [private(1, 1)], settings)[1]
        return only.start, only.end

    assert around(words, settings) == (0.475, 1.02)
    assert around(words, settings.model_copy(update={"proof": False})) == (0.4, 1.08)
    words[1] = words[1].model_copy(update={"confidence": 0.4})
    assert around(words, settings) == (0.4, 1.08)


def test_the_tail_of_a_word_goes_where_nobody_speaks_after_it():
    settings = S.model_copy(update={"tail": 0.5, "pad_into": 0.1})
    words = [
        Word(start=0.5, end=1.0, text="Anna", confidence=0.9),
        Word(start=1.3, end=1.6, text="came", confidence=0.9),
        Word(start=1.6, end=2.0, text="Ben", confidence=0.9),
    ]
    _, cuts = redact_words(words, [private(0, 0), private(2, 2)], settings)
    assert (cuts[0].end, cuts[1].end) == (1.22, 2.5), "up to the next word, and half a second at the end"
    _, cuts = redact_words(words, [private(1, 1)], settings)
    assert cuts[0].end == 1.64, "no pause: no more than a little of the neighbour"


def test_speech_that_was_not_understood_goes():
    (cut,) = redact_unheard([Segment(1.0, 2.5)], RedactionSettings())
    assert (cut.start, cut.end, cut.operator, cut.entity) == (1.0, 2.5, "silence", NOT_UNDERSTOOD)
    assert redact_unheard([Segment(1.0, 2.5)], RedactionSettings(unheard="keep")) == []


@settings(deadline=None)
@given(st.data())
def test_laws(data):
    count = data.draw(st.integers(1, 12))
    at, words = 0.0, []
    for i in range(count):
        at += data.draw(st.floats(0, 2))
        length = data.draw(st.floats(0, 0.8))
        words.append(
            Word(
                start=at,
                end=at + length,
                text=f"secret{i}",
                person=data.draw(st.sampled_from(["p1", "p2", None])),
                confidence=data.draw(st.floats(0, 1)),
            )
        )
        at += length
    chosen = sorted(data.draw(st.sets(st.integers(0, count - 1))))
    out, cuts = redact_words(words, [private(i, i) for i in chosen], S)
    text = " ".join(w.text for w in out)
    reasons = " ".join(c.reason for c in cuts) + repr(cuts)
    for i, word in enumerate(words):
        stands = word.text in text.split()
        assert stands == (i not in chosen)
        if i in chosen:
            assert f"secret{i}" not in reasons
            # Padded on both sides, so also when rounding to milliseconds.
            assert any(c.start <= word.start and c.end >= word.end for c in cuts)
    # The document's own invariants hold: placeholders, unique ids.
    people = [Person(id=p, pseudonym=p) for p in ("p1", "p2")]
    Timeline(recording=Recording(duration=at), people=people, words=out, redactions=cuts)


@settings(deadline=None)
@given(st.text(min_size=1, max_size=20))
def test_placeholders_are_always_valid(entity):
    assert PLACEHOLDER.match(placeholder(entity))
