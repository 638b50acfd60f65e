"""A document under pseudonyms: who is left out stands nowhere, and nothing helps to recognise anybody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sharing.levels import pseudonymous
from sharing.levels.session import Included, Session
from tests.sharing.levels.conftest import LEFT_OUT


def test_names_scores_dates_settings_and_whoever_is_left_out_are_gone(session: Session) -> None:
    text = pseudonymous(session).to_json()
    for told in (*LEFT_OUT, "Speaker", "2026-03-04", "ab" * 32, "stranger"):
        assert told not in text


def test_people_stand_under_their_pseudonyms_in_all_that_is_theirs(session: Session) -> None:
    timeline = pseudonymous(session)
    assert [person.label for person in timeline.people] == ["P-AAAAAAAAAAAAA", "P-BBBBBBBBBBBBB"]
    assert [word.text for word in timeline.words] == ["good", "morning", "hello", "so", "yes", "[PERSON]"]
    assert len(timeline.turns) == 4
    assert timeline.provenance.models == {"yunet": "cd" * 32}


def test_only_faces_that_are_shown_have_boxes(session: Session) -> None:
    assert [(track.person, track.speaking) for track in pseudonymous(session).tracks] == [("P-AAAAAAAAAAAAA", [])]


@pytest.mark.parametrize("answer", ["seen", "heard", "quoted"])
def test_what_somebody_does_not_agree_to_any_more_is_gone(session: Session, answer: str) -> None:
    changed = {**session.people, "p1": replace(session.people["p1"], **{answer: False})}
    timeline = pseudonymous(replace(session, people=changed))
    assert not getattr(timeline.person("P-AAAAAAAAAAAAA"), answer)
    assert bool(timeline.tracks) == (answer != "seen")
    assert any(word.person == "P-AAAAAAAAAAAAA" for word in timeline.words) == (answer != "quoted")


def test_nobody_gets_more_than_the_run_gave(session: Session) -> None:
    generous = {"p2": Included("P-BBBBBBBBBBBBB", seen=True, heard=True, quoted=True)}
    person = pseudonymous(replace(session, people=generous)).people[0]
    assert (person.seen, person.heard) == (False, False)


def test_somebody_unknown_and_a_pseudonym_of_two_are_mistakes(session: Session) -> None:
    with pytest.raises(ValueError, match="not in the timeline"):
        pseudonymous(replace(session, people={"p9": Included("P-X")}))
    with pytest.raises(ValueError, match="two people"):
        pseudonymous(replace(session, people={"p1": Included("P-X"), "p2": Included("P-X")}))
