"""Who is part of an export: everybody whose consent to this purpose holds, and nobody in doubt."""

from __future__ import annotations

import datetime as dt

import pytest

from discreet.share.identity_links import keep_links
from discreet.share.inclusion import Asked, Inclusions
from registered import Consent
from sharing import Event
from tests.discreet.share.conftest import Place, timeline
from timeline import PeopleError, Timeline

STUDY = Asked("partner", "researcher", "study")


def included(place: Place, result: Timeline | None = None, **more: object) -> tuple[set[str], dict[str, str]]:
    found = Inclusions(place.reopened(), STUDY).of(result or timeline(1), **more)  # type: ignore[arg-type]
    return set(found.people), dict(found.left_out)


def test_agreement_to_the_purpose_decides(place: Place) -> None:
    assert included(place) == ({"p1", "p2"}, {"p3": "consent: other purpose"})


def test_the_answers_of_today_hold(place: Place) -> None:
    registry = place.project.registry
    registry.update(place.people[0].id, lambda p: p.with_consent(p.consent.answering("seen", False)))
    found = Inclusions(place.reopened(), STUDY).of(timeline(1))
    assert (found.people["p1"].seen, found.people["p1"].heard) == (False, True)
    assert found.people["p1"].token == place.project.tokens.person(place.people[0].id)


def test_a_clock_that_was_set_back_does_not_bring_back_a_consent_that_has_expired(place: Place) -> None:
    registry, today = place.project.registry, dt.date.today()
    registry.update(
        place.people[0].id,
        lambda p: p.with_consent(p.consent.model_copy(update={"expires": today + dt.timedelta(days=9)})),
    )
    assert included(place)[0] == {"p1", "p2"}
    log = place.project.log
    log._now = lambda: dt.datetime.now(dt.UTC) + dt.timedelta(days=10)
    log.record(Event(actor="u-1", action="read"))
    assert included(place) == ({"p2"}, {"p1": "consent: expired", "p3": "consent: other purpose"})


@pytest.mark.parametrize("how", ["withdrawn", "expired", "forgotten"])
def test_whoever_does_not_agree_any_more_is_left_out(place: Place, how: str) -> None:
    registry, person = place.project.registry, place.people[0]
    today = dt.date.today()
    if how == "withdrawn":
        registry.set_consent(person.id, Consent())
    elif how == "expired":
        ended = registry.get(person.id).consent.model_copy(
            update={"date": today - dt.timedelta(days=9), "expires": today}
        )
        registry.set_consent(person.id, ended)
    else:
        registry.forget(person.id)
    assert included(place)[0] == {"p2"}


def test_somebody_enrolled_of_whom_nobody_knows_who_it_is_is_left_out_unless_told(place: Place) -> None:
    unknown = timeline(1).model_copy(
        update={"provenance": timeline(1).provenance.model_copy(update={"created": "elsewhere"})}
    )
    people, left_out = included(place, unknown)
    assert people == set()
    assert "nobody knows" in left_out["p1"]
    assert included(place, unknown, who={"p1": "Zoe Okonkwo"})[0] == {"p1"}
    with pytest.raises(PeopleError):
        included(place, unknown, who={"p9": "Zoe Okonkwo"})
    with pytest.raises(PeopleError):
        included(place, unknown, who={"p1": "Nobody"})


def test_two_who_are_said_to_be_one_are_both_left_out(place: Place) -> None:
    keep_links(place.project.registry, timeline(1), {"p1": place.people[0].id, "p2": place.people[0].id})
    people, left_out = included(place)
    assert people == set()
    assert "said to be one" in left_out["p1"]


def strangers() -> Timeline:
    return timeline(1).model_copy(
        update={
            "people": [
                p.model_copy(update={"registered": False, "seen": False, "heard": False}) for p in timeline(1).people
            ],
            "provenance": timeline(1).provenance.model_copy(update={"created": "elsewhere"}),
        }
    )


def test_strangers_are_left_out_unless_the_governance_says_as_made(place: Place) -> None:
    assert included(place, strangers()) == (set(), dict.fromkeys(("p1", "p2", "p3"), "consent: not enrolled"))
    path = place.project.path
    path.write_text(path.read_text().replace('unknown_people = "left-out"', 'unknown_people = "as-made"'))
    found = Inclusions(place.reopened(), STUDY).of(strangers())
    assert len({one.token for one in found.people.values()}) == 3
    assert not any(one.seen or one.heard for one in found.people.values())


def test_a_stranger_may_be_whose_record_cannot_be_read(place: Place) -> None:
    path = place.project.path
    path.write_text(path.read_text().replace('unknown_people = "left-out"', 'unknown_people = "as-made"'))
    (place.project.registry.folder / f"{place.people[2].id}.person").write_bytes(b"damaged")
    assert included(place, strangers())[0] == set()
