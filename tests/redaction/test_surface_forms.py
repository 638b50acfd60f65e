"""Forms: what was taken out is found again in any spelling, and a common word alone is not looked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redaction import PrivateSpan, SurfaceForms, unquoted_forms
from redaction.surface_forms import AGAIN, letter_runs, repeated
from timeline import Word


def say(text):
    return [Word(start=i, end=i + 0.5, text=t) for i, t in enumerate(text.split())]


@pytest.mark.parametrize(
    ("entity", "said", "text", "found"),
    [
        ("PERSON", "Anna Meier,", "then ANNA-MEIER came", True),
        ("PERSON", "Anna Meier", "Mr. Meier's house", True),
        ("PERSON", "Anna Meier", "Meierhof", False),
        ("PERSON", "O'Brien", "o’brien", True),
        ("PERSON", "Will", "he will come", False),
        ("PERSON", "José", "jose\u0301", True),
        ("NUMBER", "415 555 0132", "call 415-555-0132", True),
        ("NUMBER", "0132", "0132", True),
        ("NUMBER", "42", "42", False),
        ("ADDRESS", "Maple Street", "a maple tree", False),
        ("ADDRESS", "Maple Street", "on maple street", True),
    ],
)
def test_forms_are_found_however_they_are_written(entity, said, text, found):
    assert (SurfaceForms([(entity, said.split())]).within(text) == entity) == found


@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=4), st.text(max_size=20), st.text(max_size=20))
def test_what_was_said_is_always_found_where_it_stands(words, before, after):
    forms = SurfaceForms([("DENIED", words)])
    if forms:
        assert forms.within(f"{before} {' '.join(words)} {after}") == "DENIED"


def test_digits_and_short_forms_can_be_left_aside():
    forms = SurfaceForms([("NUMBER", ["1984"]), ("PERSON", ["Zoë"])])
    assert forms.within("1984 MB") == "NUMBER"
    assert forms.within("1984 MB", numbers=False) is None
    assert forms.within("zoë", least=5) is None


def test_no_repr_shows_a_word():
    assert "meier" not in repr(SurfaceForms([("PERSON", ["Meier"])])).lower()


def test_what_is_private_once_is_private_at_every_mention():
    words = say("Okonkwo came and nobody saw Okonkwo's car or the okonkwo house")
    again = repeated(words, [PrivateSpan(0, 0, "PERSON", 0.9, "test")])
    assert [(p.first, p.reason) for p in again] == [(5, AGAIN), (9, AGAIN)]
    assert repeated(words, []) == []


def test_what_somebody_unquoted_said_is_known_by_eight_words_in_a_row():
    before = say("yes I told nobody at all about the green door in the garden fine")
    after = [before[0], before[-1]]
    forms = unquoted_forms(before, after)
    assert forms.within("she told nobody at all about the green door") is None
    assert forms.within("I told nobody at all about the green door") == "UNQUOTED"
    assert not unquoted_forms(before, before)


def test_runs_are_case_folded_and_composed():
    assert letter_runs("Straße_7, A\u030angström") == ("strasse", "7", "ångström")
