"""Two records of one person become one, and the stricter answers hold."""

import datetime as dt
from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registered import NOBODY, Answers, Consent, Enrolled, Gallery, Registry, parse_answers
from registered.merge import merged, stricter
from timeline import PeopleError

TODAY = dt.date(2026, 5, 1)
RNG = np.random.default_rng(3)
ROWS = RNG.normal(size=(4, 16)).astype(np.float32)


@st.composite
def consents(draw):
    answers = Answers(*(draw(st.booleans()) for _ in range(4)))
    date = TODAY + dt.timedelta(draw(st.integers(-400, 40)))
    days = draw(st.none() | st.integers(1, 800))
    return Consent.granting(answers, date=date, expires=None if days is None else date + dt.timedelta(days))


@given(consents(), consents(), st.integers(0, 900))
def test_nothing_is_granted_that_one_of_them_did_not_grant(one, other, days):
    both = stricter(one, other, TODAY)
    day = TODAY + dt.timedelta(days)
    assert both.at(TODAY) <= one.at(TODAY)
    assert both.at(TODAY) <= other.at(TODAY)
    granted = zip(astuple(both.at(day)), astuple(one.at(TODAY)), astuple(other.at(TODAY)), strict=True)
    assert all(a <= (b and c) for a, b, c in granted)
    for consent in (one, other):
        if consent.expires is not None and day >= consent.expires:
            assert both.at(day) == NOBODY or consent.at(TODAY) == NOBODY


@given(consents(), consents())
def test_the_order_does_not_matter(one, other):
    assert stricter(one, other, TODAY).at(TODAY) == stricter(other, one, TODAY).at(TODAY)
    assert stricter(one, other, TODAY).expires == stricter(other, one, TODAY).expires


def everybody(text: str) -> Consent:
    return Consent.granting(parse_answers(text), date=dt.date(2020, 1, 1))


def test_templates_history_and_kept_files_come_together(registry: Registry) -> None:
    one = registry.add(Enrolled.new("Anna", everybody("all")).with_voice("v", ROWS[:2]).with_face("f", ROWS[:1]))
    two = registry.add(Enrolled.new("Anna B.", everybody("heard,quoted")).with_voice("v", ROWS[2:], [0.5, 1.0]))
    registry.keep(two.id, "voice", "audio/wav", b"a clip")
    registry.merge("Anna", "Anna B.")
    (person,) = registry.people()
    assert (person.id, person.name) == (one.id, "Anna")
    assert Gallery.for_voices(registry, "v").similarity(ROWS[3]) == pytest.approx([1.0])
    assert person.faces["f"].shape == (1, 16)
    assert person.consent.answers() == Answers(heard=True, quoted=True)
    assert len(person.history) == 3
    assert [registry.read_kept(kept) for kept in person.kept] == [b"a clip"]
    assert not [path for path in registry.folder.iterdir() if two.id in path.name]


def test_who_opted_out_stays_opted_out_unless_told_otherwise(registry: Registry) -> None:
    registry.add(Enrolled.new("Anna", everybody("all")))
    registry.add(Enrolled.new("Nobody", everybody("none")))
    assert registry.merge("Anna", "Nobody").consent.answers() == NOBODY
    registry.add(Enrolled.new("Again", everybody("none")))
    assert registry.merge("Anna", "Again", everybody("seen")).consent.answers() == Answers(seen=True)


def test_what_cannot_be_merged_changes_nothing(registry: Registry) -> None:
    registry.add(Enrolled.new("Anna").with_voice("v", ROWS))
    registry.add(Enrolled.new("Otto").with_voice("v", ROWS[:, :8]))
    for other, says in (("Anna", "already one record"), ("Otto", "differ in length"), ("Zoe", "nobody called")):
        with pytest.raises(PeopleError, match=says):
            registry.merge("Anna", other)
    assert [p.name for p in registry.people()] == ["Anna", "Otto"]


def test_a_merged_record_says_so() -> None:
    both = merged(Enrolled.new("Anna"), Enrolled.new("Otto"), today=TODAY)
    assert both.notes == ("merged with another record on 2026-05-01",)
