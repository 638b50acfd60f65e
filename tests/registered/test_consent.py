from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from registered import (
    GIVEN,
    NOBODY,
    QUESTIONS,
    Agreement,
    Answers,
    Consent,
    Enrolled,
    parse_answers,
    parse_day,
    stranger,
)
from registered.merge import stricter
from timeline import PeopleError

DAY = dt.timedelta(days=1)
days = st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1))
answers = st.builds(Answers, st.booleans(), st.booleans(), st.booleans(), st.booleans())


@given(answers, days, days, st.none() | days)
def test_consent_holds_from_its_date_until_it_expires(
    agreed: Answers, day: dt.date, date: dt.date, expires: dt.date | None
) -> None:
    assume(expires is None or expires > date)
    consent = Consent.granting(agreed, date=date, expires=expires)
    holds = date <= day and (expires is None or day < expires)
    assert consent.at(day) == (agreed if holds else NOBODY)
    assert consent.at(day) <= agreed


@given(answers, days, st.integers(1, 5000))
def test_what_expired_never_comes_back(agreed: Answers, date: dt.date, length: int) -> None:
    consent = Consent.granting(agreed, date=date, expires=date + length * DAY)
    assert consent.at(date - DAY) == NOBODY
    assert consent.at(date) == agreed
    assert consent.at(date + (length - 1) * DAY) == agreed
    for later in (0, 1, 400, 4000):
        assert consent.at(date + (length + later) * DAY) == NOBODY


def test_answers_are_those_of_today_unless_told() -> None:
    today = dt.date.today()
    assert Consent(seen=True).answers() == Answers(seen=True)
    assert Consent(seen=True, date=today + DAY).answers() == NOBODY
    assert Consent(seen=True, date=today + DAY).answers(today + DAY) == Answers(seen=True)
    assert Consent(seen=True, date=today - 9 * DAY, expires=today).answers() == NOBODY


def test_enrolled_without_consent_is_opted_out_of_all_four() -> None:
    person = Enrolled.new("Ada")
    assert person.consent.answers() == Answers(False, False, False, False) == NOBODY
    assert person.consent.state(dt.date.today()) == "opted out"


def test_strangers_are_quoted_only_under_a_pseudonym_and_only_if_the_setting_says_so() -> None:
    assert stranger() == Answers(seen=False, heard=False, quoted=True, named=False)
    assert stranger(quoted=False) == NOBODY


def test_a_consent_that_would_end_before_it_begins_is_refused() -> None:
    day = dt.date(2026, 5, 1)
    for expires in (day, day - DAY):
        with pytest.raises(ValidationError):
            Consent(date=day, expires=expires)
        with pytest.raises(PeopleError, match="cannot expire"):
            Consent.granting(NOBODY, date=day, expires=expires)


def test_unknown_keys_and_changes_are_refused() -> None:
    with pytest.raises(ValidationError):
        Consent.model_validate({"seen": True, "sold": True})
    with pytest.raises(ValidationError):
        Consent().seen = True  # type: ignore[misc]


@given(days, st.text(max_size=30), answers)
def test_consent_survives_json(date: dt.date, purpose: str, agreed: Answers) -> None:
    assume(purpose.isprintable())
    consent = Consent.granting(agreed, date=date, purpose=purpose)
    assert Consent.model_validate_json(consent.model_dump_json()) == consent


@given(answers)
def test_answers_are_read_back_as_they_are_written(agreed: Answers) -> None:
    assert parse_answers(str(agreed)) == agreed
    assert parse_answers(f"  {str(agreed).upper().replace(',', ' , ')} ") == agreed


@given(st.permutations(QUESTIONS))
def test_order_does_not_matter(order: list[str]) -> None:
    assert parse_answers(",".join(order)) == parse_answers("all") == Answers(True, True, True, True)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no answer"),
        (" , ", "no answer"),
        ("seen,herd", "did you mean 'heard'"),
        ("named;seen", "'named;seen'"),
        ("seen heard", "'seen heard'"),
        ("all,seen", "'all' cannot be combined"),
        ("none,quoted", "'none' cannot be combined"),
        ("seen,", "''"),
        ("yes", "'yes' is not one"),
    ],
)
def test_what_cannot_be_read_is_told(text: str, says: str) -> None:
    with pytest.raises(PeopleError) as caught:
        parse_answers(text)
    assert says in str(caught.value)
    assert "seen,heard,quoted,named" in caught.value.remedy


def test_none_is_an_answer() -> None:
    assert parse_answers("none") == NOBODY


def test_days() -> None:
    assert parse_day(" 2027-01-31 ") == dt.date(2027, 1, 31)
    for text in ("31.1.2027", "2027-02-30", "soon", ""):
        with pytest.raises(PeopleError, match="not a day"):
            parse_day(text)


def test_states() -> None:
    day = dt.date(2026, 5, 1)
    consent = Consent(seen=True, date=day, expires=day + 2 * DAY)
    assert [consent.state(day + n * DAY) for n in (-1, 0, 1, 2)] == ["not yet", "holds", "holds", "expired"]


TERMS = "0123456789abcdef"
TODAY = dt.date(2026, 6, 1)


def agreed(purpose: str = "research", terms: str = TERMS, date: dt.date = TODAY) -> Agreement:
    return Agreement(purpose=purpose, terms=terms, text="v1", date=date, signature="ab" * 32)


@pytest.mark.parametrize(
    ("consent", "state"),
    [
        (Consent(seen=True, date=TODAY, agreed=(agreed(),)), GIVEN),
        (Consent(seen=True, date=TODAY), "other purpose"),
        (Consent(seen=True, date=TODAY, agreed=(agreed("supervision"),)), "other purpose"),
        (Consent(seen=True, date=TODAY, agreed=(agreed(terms="f" * 16),)), "other terms"),
        (Consent(seen=True, date=TODAY, agreed=(agreed(date=TODAY + DAY),)), "other terms"),
        (Consent(date=TODAY, agreed=(agreed(),)), "opted out"),
        (Consent(seen=True, date=TODAY + DAY, agreed=(agreed(),)), "not yet"),
        (Consent(seen=True, date=TODAY - DAY, expires=TODAY, agreed=(agreed(),)), "expired"),
    ],
)
def test_a_purpose_is_agreed_to_only_in_its_present_words_and_while_consent_holds(consent: Consent, state: str) -> None:
    assert consent.for_purpose("research", TERMS, TODAY) == state


def test_agreeing_anew_replaces_the_earlier_agreement_and_no_other() -> None:
    consent = Consent(seen=True, date=TODAY).agreeing(agreed()).agreeing(agreed("supervision")).agreeing(agreed())
    assert [one.purpose for one in consent.agreed] == ["supervision", "research"]
    assert consent.without("research").for_purpose("research", TERMS, TODAY) == "other purpose"
    assert consent.without("research").for_purpose("supervision", TERMS, TODAY) == GIVEN


@pytest.mark.parametrize("question", QUESTIONS)
def test_one_answer_can_be_changed_alone(question: str) -> None:
    before = Consent(seen=True, heard=True, quoted=True, named=True, date=TODAY, agreed=(agreed(),))
    after = before.answering(question, False)
    assert after.answering(question, True) == before
    assert sum(getattr(after, q) for q in QUESTIONS) == 3
    with pytest.raises(PeopleError):
        before.answering("filmed", True)


def test_another_consent_and_a_merged_one_begin_without_agreed_purposes() -> None:
    one = Enrolled.new("Ada", Consent(seen=True, date=TODAY, agreed=(agreed(),)))
    assert Consent.granting(Answers(seen=True)).agreed == ()
    assert stricter(one.consent, one.consent, TODAY).agreed == ()
