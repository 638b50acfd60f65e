"""Labels may change; what somebody did not agree to stays withheld, whoever is said to speak."""

from __future__ import annotations

from discreet.review import Draft
from discreet.review.decision_kinds import Answer, Merge, Move, Rename
from discreet.review.draft import ReviewScene
from discreet.review.people_decisions import answered, merged, moved, renamed, without_unquoted_words


def test_a_person_gets_the_name_as_it_is_enrolled_or_the_pseudonym(found: Draft, scene: ReviewScene) -> None:
    assert renamed(found, scene, Rename(person="p1")).people.people[0].label == "Speaker 1"
    other = renamed(found, scene, Rename(person="p2", name="ANNA")).people.people[1]
    assert (other.name, other.registered, other.seen) == ("Anna", True, False)


def test_two_people_become_one_with_what_both_granted(found: Draft) -> None:
    done = merged(found, Merge(person="p1", other="p2"))
    (one,) = done.people.people
    assert (one.name, one.seen, one.heard, one.quoted) == ("Anna", False, False, True)
    assert {turn.person for turn in done.people.turns} == {"p1"}
    assert {word.person for word in done.plan.words} == {"p1"}
    assert set(done.people.track_person.values()) == {"p1"}
    assert not any(track.ever_shown for track in done.faces.tracks)


def test_a_part_of_a_turn_is_moved_with_its_words(found: Draft, scene: ReviewScene) -> None:
    done = moved(found, scene, Move(start=1.9, end=3, person="p1", to="p2"))
    assert [(t.person, t.start, t.end) for t in done.people.turns] == [
        ("p1", 0, 1.9),
        ("p2", 1.9, 3),
        ("p1", 3, 5),
        ("p2", 8, 12),
    ]
    assert [word.person for word in done.plan.words] == ["p1", "p1", "p2", "p2", "p2", "p2"]
    assert done.people.possible == ()


def test_what_is_moved_away_from_somebody_who_is_not_heard_stays_withheld(found: Draft, scene: ReviewScene) -> None:
    done = moved(found, scene, Move(start=8, end=12, person="p2", to="p1"))
    assert [turn.person for turn in done.people.turns] == ["p1", "p1"]
    assert [(turn.person, turn.start, turn.end) for turn in done.people.possible] == [("p2", 8, 12)]


def test_somebody_who_is_not_seen_is_shown_nowhere(found: Draft, scene: ReviewScene) -> None:
    done = answered(found, scene, Answer(person="p1", seen=False, heard=False, named=False))
    assert not any(track.ever_shown for track in done.faces.tracks)
    assert done.people.people[0].label == "Speaker 1"
    assert not done.people.people[0].heard
    assert found.faces.tracks[0].ever_shown


def test_the_words_of_somebody_who_is_quoted_no_longer_go(found: Draft, scene: ReviewScene) -> None:
    after = without_unquoted_words(answered(found, scene, Answer(person="p2", quoted=False)), found, "q")
    assert [word.text for word in after.plan.words] == ["[PERSON]", "Miller", "called"]
    (new,) = [each for each in after.plan.redactions if each.id not in {"w1"}]
    assert new.start <= 8
    assert new.end >= 12
    assert new.operator == "silence"


def test_nothing_changes_where_everybody_is_quoted_as_before(found: Draft) -> None:
    assert without_unquoted_words(found, found, "q") is found
