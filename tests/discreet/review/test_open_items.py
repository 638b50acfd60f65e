"""Everything doubtful has to be looked at, riskiest first, and stands on the list until somebody decides."""

from __future__ import annotations

from discreet.review import Decisions, Redact, Span
from discreet.review.decision_kinds import Approve, Correct, Mask, Move, Reject
from discreet.review.open_items import attention, undecided
from timeline import Timeline

START = Decisions(source="ab" * 32, base="cd" * 16)


def ids(timeline: Timeline, decisions: Decisions = START) -> list[str]:
    return [item.id for item in undecided(timeline, decisions)]


def test_the_riskiest_stands_first(timeline: Timeline) -> None:
    assert [(item.id, item.kind) for item in attention(timeline)] == [
        ("face-t1", "face"),
        ("word-1400", "near"),
        ("r4", "round"),
        ("turn-5000-8000", "name"),
        ("r3", "speech"),
    ]


def test_each_says_when_and_why(timeline: Timeline) -> None:
    for item in attention(timeline):
        assert item.end > item.start
        assert item.text.endswith(".")


def test_a_face_with_a_clear_lead_needs_no_look(timeline: Timeline) -> None:
    assert "face-t1" in [item.id for item in attention(timeline, {"t1": 0.01})]
    assert "face-t1" not in [item.id for item in attention(timeline, {"t1": 0.3})]


def test_a_masked_face_needs_no_look(timeline: Timeline) -> None:
    assert "face-t2" not in ids(timeline)


def test_approving_and_rejecting_settle_an_item_until_they_are_undone(timeline: Timeline) -> None:
    decisions = START.with_decision(Approve(items=("face-t1", "r4")), "Ada")
    decisions = decisions.with_decision(Reject(items=("r3",), reason="a cough"), "Ada")
    assert ids(timeline, decisions) == ["word-1400", "turn-5000-8000"]
    assert "r3" in ids(timeline, decisions.undo("Ada"))


def test_a_change_settles_what_it_is_about(timeline: Timeline) -> None:
    for change, item in (
        (Redact(spans=(Span(start=1.4, end=1.8),)), "word-1400"),
        (Correct(start=1.4, end=1.8, text="Mill"), "word-1400"),
        (Mask(start=0, end=10, track="t1"), "face-t1"),
        (Move(start=5, end=8, person="p1", to="p2"), "turn-5000-8000"),
    ):
        assert item not in ids(timeline, START.with_decision(change, "Ada"))


def test_a_change_to_a_part_settles_nothing(timeline: Timeline) -> None:
    for change in (
        Redact(spans=(Span(start=1.4, end=1.6),)),
        Mask(start=0, end=5, track="t1"),
        Mask(start=0, end=10, track="t2"),
        Move(start=5, end=6, person="p1", to="p2"),
    ):
        assert len(ids(timeline, START.with_decision(change, "Ada"))) == 5
