"""Whom to ask: a changed purpose or a new recipient means everybody again, until each answer is recorded."""

from __future__ import annotations

import hashlib

import pytest

from discreet.share.consents import agree, disagree, states
from registered import Registry
from tests.discreet.share.conftest import NAMES, Place
from timeline import InputError, PeopleError


def found(place: Place, purpose: str = "study") -> dict[str, str]:
    return {one.person.name: one.state for one in states(place.reopened(), purpose)}


def test_states_tell_who_agreed(place: Place) -> None:
    assert found(place) == {NAMES[0]: "given", NAMES[1]: "given", NAMES[2]: "other purpose"}
    assert set(found(place, "reuse").values()) == {"other purpose"}


def test_a_changed_purpose_is_to_be_asked_again_and_only_of_who_agreed(place: Place) -> None:
    path = place.project.path
    path.write_text(path.read_text().replace("The study that the participants", "The new study that the participants"))
    assert found(place) == {NAMES[0]: "other terms", NAMES[1]: "other terms", NAMES[2]: "other purpose"}
    agree(place.reopened(), NAMES[0], "study")
    assert found(place)[NAMES[0]] == "given"


def test_the_record_holds_version_date_and_hash_of_the_form_and_the_log_a_line(place: Place) -> None:
    form = place.out / "form.pdf"
    form.write_bytes(b"signed")
    agree(place.project, NAMES[2], "study", "v2", form)
    (agreement,) = Registry.open(None).get(NAMES[2]).consent.agreed
    assert (agreement.text, agreement.signature) == ("v2", hashlib.sha256(b"signed").hexdigest())
    entry = place.project.log.entries()[-1]
    assert (entry.action, entry.subject) == ("consent.agree", place.project.tokens.person(place.people[2].id))


def test_an_answer_can_be_taken_back(place: Place) -> None:
    disagree(place.project, NAMES[0], "study")
    assert found(place)[NAMES[0]] == "other purpose"
    assert place.log()[-1] == ("consent.withdraw", "done")


def test_what_cannot_be_is_told(place: Place) -> None:
    with pytest.raises(InputError):
        agree(place.project, NAMES[0], "fun")
    with pytest.raises(InputError):
        agree(place.project, NAMES[0], "study", signed=place.out / "none.pdf")
    with pytest.raises(PeopleError):
        disagree(place.project, "Nobody", "study")
