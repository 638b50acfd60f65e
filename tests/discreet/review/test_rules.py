"""More protection may always be decided; less only where the registry holds consent for it."""

from __future__ import annotations

import pytest

from discreet.review import Decisions, Redact, ReviewRules, Span
from discreet.review.decision_kinds import (
    Answer,
    Approve,
    Confirm,
    Correct,
    Decision,
    Mask,
    Merge,
    Move,
    Reject,
    Rename,
    Show,
)
from discreet.review.decisions_file import DecisionsError
from registered import Answers
from timeline import Redaction, Timeline

ANSWERS = {"anna": Answers(True, True, True, True), "otto": Answers(True, False, True, False)}
NAMES = {"anna": "Anna", "otto": "Otto"}


@pytest.fixture
def ground(timeline: Timeline) -> ReviewRules:
    return ReviewRules(timeline, {"p1": "anna"}, NAMES, ANSWERS)


@pytest.mark.parametrize(
    "decision",
    [
        Approve(items=("r1",)),
        Confirm(),
        Reject(items=("r1", "r3", "face-t1"), reason="no name"),
        Redact(spans=(Span(start=1, end=2),)),
        Redact(spans=(Span(start=19, end=20.4),)),
        Mask(start=0, end=3, track="t1"),
        Show(track="t1", person="p1"),
        Rename(person="p1"),
        Rename(person="p2", name="anna"),
        Merge(person="p1", other="p2"),
        Move(start=5, end=8, person="p1", to="p2"),
        Correct(start=1.9, end=2.2, text="rang"),
        Answer(person="p1", seen=False, heard=True),
        Answer(person="p2", seen=False, heard=False, quoted=True, named=False),
    ],
)
def test_these_may_be_decided(ground: ReviewRules, decision: Decision) -> None:
    ground.allow(decision)


@pytest.mark.parametrize(
    ("decision", "why"),
    [
        (Show(track="t2", person="p2"), "agreed to be seen"),
        (Show(track="t2", person="p1"), "is that of p2"),
        (Show(track="t9", person="p1"), "not a face of this recording"),
        (Rename(person="p2", name="Otto"), "not agreed to be named"),
        (Rename(person="p2", name="Nobody"), "nobody of that name"),
        (Answer(person="p2", seen=True), "not agreed to be seen"),
        (Answer(person="p2", heard=True), "not agreed to be heard"),
        (Answer(person="p2", named=True), "not agreed to be named"),
        (Answer(person="p9", seen=False), "not a person of this recording"),
        (Reject(items=("r2",), reason="x"), "hides a face"),
        (Reject(items=("turn-5000-8000",), reason="x"), "cannot be rejected"),
        (Redact(spans=(Span(start=20, end=21),)), "not within the recording"),
        (Mask(start=0, end=30, track="t1"), "not within the recording"),
        (Mask(start=0, end=3, track="t9"), "not a face of this recording"),
        (Merge(person="p1", other="p9"), "not a person of this recording"),
        (Move(start=1, end=2, person="p9", to="p1"), "not a person of this recording"),
        (Correct(start=1.0, end=1.3, text="Ann"), "there is no word"),
        (Correct(start=3.0, end=3.3, text="Ann"), "there is no word"),
        (Correct(start=1.9, end=2.2, text="[PERSON]"), "cannot be a placeholder"),
    ],
)
def test_these_may_not(ground: ReviewRules, decision: Decision, why: str) -> None:
    with pytest.raises(DecisionsError, match=why):
        ground.allow(decision)


@pytest.mark.parametrize("entity", ["UNQUOTED", "UNCHECKED"])
def test_what_somebody_may_not_be_quoted_with_is_not_brought_back(timeline: Timeline, entity: str) -> None:
    hidden = Redaction(id="r9", kind="word", start=1, end=2, entity=entity, operator="silence", reason="x")
    ground = ReviewRules(timeline.model_copy(update={"redactions": [*timeline.redactions, hidden]}))
    with pytest.raises(DecisionsError, match="not about single words"):
        ground.allow(Reject(items=("r9",), reason="x"))


def test_what_was_cut_out_is_not_brought_back(timeline: Timeline) -> None:
    cut = Redaction(id="r9", kind="word", start=1, end=1, entity="PERSON", operator="remove", reason="x")
    ground = ReviewRules(timeline.model_copy(update={"redactions": [*timeline.redactions, cut]}))
    with pytest.raises(DecisionsError, match="was cut out"):
        ground.allow(Reject(items=("r9",), reason="x"))


def test_consent_that_was_withdrawn_does_not_count(timeline: Timeline) -> None:
    with pytest.raises(DecisionsError, match="agreed to be seen"):
        ReviewRules(timeline, {"p1": "anna"}, NAMES, {}).allow(Show(track="t1", person="p1"))


def test_a_refusal_names_the_decision_and_undone_ones_do_not_count(ground: ReviewRules) -> None:
    decisions = Decisions(source="ab" * 32, base="cd" * 16).with_decision(Answer(person="p2", seen=True), "Ada")
    with pytest.raises(DecisionsError, match="decision d1: "):
        ground.check(decisions)
    ground.check(decisions.undo("Ada"))


def test_its_repr_shows_no_name(ground: ReviewRules) -> None:
    assert "Anna" not in repr(ground)
