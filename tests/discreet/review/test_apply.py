"""Decisions are applied in their order to what the run found, and what stood before keeps its id."""

from __future__ import annotations

from dataclasses import replace

import pytest

from discreet.review import Decisions, Draft, Redact, Span, keep_redaction_ids
from discreet.review.apply import applied, noted
from discreet.review.decision_kinds import Approve, Confirm, Decision, Merge, Reject, Rename
from discreet.review.decisions_file import DecisionsError
from discreet.review.draft import ReviewScene
from timeline import Redaction, Timeline

START = Decisions(source="ab" * 32, base="cd" * 16)


def history(*decisions: Decision) -> Decisions:
    out = START
    for decision in decisions:
        out = out.with_decision(decision, "Ada")
    return out


def words(draft: Draft) -> list[str]:
    return [word.text for word in draft.plan.words]


def test_without_decisions_everything_is_as_it_was_found(found: Draft, scene: ReviewScene) -> None:
    assert applied(START, found, scene, {}) is found
    assert applied(history(Approve(items=("r1",)), Confirm()), found, scene, {}) is found


def test_the_later_decision_builds_on_the_earlier(found: Draft, scene: ReviewScene) -> None:
    done = applied(history(Redact(spans=(Span(start=2, end=2.4),)), Rename(person="p1")), found, scene, {})
    assert words(done)[2] == "[ADDED]"
    assert done.people.people[0].label == "Speaker 1"


def test_what_was_undone_does_not_count(found: Draft, scene: ReviewScene) -> None:
    assert applied(history(Rename(person="p1")).undo("Ada"), found, scene, {}) is found


def test_a_rejected_redaction_is_found_by_its_number(found: Draft, scene: ReviewScene) -> None:
    number = next(r.id for r in scene.ground.timeline.redactions if r.kind == "word")
    done = applied(history(Reject(items=(number, "face-t1"), reason="no name")), found, scene, {number: "w1"})
    assert words(done)[0] == "Otto"
    assert not done.faces.tracks[0].ever_shown


def test_nothing_is_applied_if_one_may_not_be_made(found: Draft, scene: ReviewScene) -> None:
    with pytest.raises(DecisionsError, match="decision d2"):
        applied(history(Rename(person="p1"), Rename(person="p2", name="Nobody")), found, scene, {})


def test_a_decision_about_somebody_who_was_merged_away_is_named(found: Draft, scene: ReviewScene) -> None:
    with pytest.raises(DecisionsError, match=r"decision d2: .*merged"):
        applied(history(Merge(person="p1", other="p2"), Rename(person="p2")), found, scene, {})


def test_the_result_says_how_many_decisions_changed_it(found: Draft) -> None:
    assert noted(found, history(Approve(items=("r1",)))) is found
    assert "1 decision of theirs" in noted(found, history(Rename(person="p1"))).plan.notes[-1]


def beep(id: str, start: float, person: str | None = None) -> Redaction:
    return Redaction(id=id, kind="word", start=start, end=start + 1, person=person, operator="beep", reason="x")


def test_what_stood_before_keeps_its_id_and_what_is_new_is_called_by_its_time(timeline: Timeline) -> None:
    before = replace_redactions(timeline, [beep("r1", 1.0, "p1"), beep("r2", 3.0), beep("r3", 3.0)])
    after = replace_redactions(
        timeline, [beep("r1", 0.5), beep("r2", 1.0, "p2"), beep("r3", 3.0), beep("r4", 3.0), beep("r5", 3.0)]
    )
    named = [(r.id, r.start) for r in keep_redaction_ids(after, before).redactions]
    assert named == [("word-500-1500", 0.5), ("r1", 1.0), ("r2", 3.0), ("r3", 3.0), ("word-3000-4000", 3.0)]


def test_the_same_document_keeps_all_of_its_ids(timeline: Timeline) -> None:
    assert keep_redaction_ids(timeline, timeline) == timeline


def replace_redactions(timeline: Timeline, redactions: list[Redaction]) -> Timeline:
    words = [word.model_copy(update={"redaction": None, "text": "x"}) for word in timeline.words]
    return timeline.model_copy(update={"redactions": redactions, "words": words})


def test_a_draft_does_not_change(found: Draft, scene: ReviewScene) -> None:
    before = replace(found)
    applied(history(Redact(spans=(Span(start=2, end=2.4),)), Merge(person="p1", other="p2")), found, scene, {})
    assert found == before
