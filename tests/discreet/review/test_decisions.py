"""The history of decisions only grows, undo and redo are exact, and what does not fit is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from discreet.review import Decisions, Redact, Span
from discreet.review.decision_kinds import (
    Answer,
    Approve,
    Box,
    Confirm,
    Correct,
    Decision,
    Mask,
    Merge,
    Move,
    Redo,
    Reject,
    Rename,
    Show,
    Undo,
)

SOURCE = "ab" * 32
AT = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
KINDS: list[Decision] = [
    Approve(items=("r1",)),
    Reject(items=("r2",), reason="the clinic's own name"),
    Redact(spans=(Span(start=1, end=2),), every=True, entity="PERSON"),
    Mask(start=0, end=3, box=Box(x=0.1, y=0.2, width=0.3, height=0.4)),
    Mask(start=0, end=3, track="t1"),
    Show(track="t1", person="p1"),
    Rename(person="p1", name="Anna"),
    Rename(person="p1"),
    Merge(person="p1", other="p2"),
    Move(start=1, end=2, person="p1", to="p2"),
    Correct(start=1, end=1.5, text="heron"),
    Answer(person="p1", seen=False),
    Confirm(),
]
STEPS = st.lists(st.sampled_from([*KINDS, "undo", "redo"]), max_size=30)


def history(steps: Sequence[Decision | str]) -> Decisions:
    out = Decisions(source=SOURCE, base="cd" * 16)
    for step in steps:
        if step == "undo":
            out = out.undo("Ada", AT)
        elif step == "redo":
            out = out.redo("Ada", AT)
        elif not isinstance(step, str):
            out = out.with_decision(step, "Ada", AT)
    return out


def counting(decisions: Decisions) -> list[Decision]:
    return [entry.decision for entry in decisions.standing()]  # type: ignore[misc]


@given(STEPS)
def test_what_is_written_is_read_again(steps: list[Decision | str]) -> None:
    decisions = history(steps)
    assert Decisions.model_validate_json(decisions.to_json()) == decisions


@given(STEPS, st.sampled_from(KINDS))
def test_undo_takes_back_the_last_decision_and_redo_brings_it_again(
    steps: list[Decision | str], kind: Decision
) -> None:
    before = history(steps)
    after = before.with_decision(kind, "Ada", AT)
    assert counting(after) == [*counting(before), kind]
    assert counting(after.undo("Ada", AT)) == counting(before)
    assert counting(after.undo("Ada", AT).redo("Ada", AT)) == counting(after)


@given(STEPS)
def test_nothing_that_was_decided_is_ever_removed(steps: list[Decision | str]) -> None:
    for count in range(len(steps)):
        shorter, longer = history(steps[:count]), history(steps[: count + 1])
        assert longer.entries[: len(shorter.entries)] == shorter.entries


@given(STEPS)
def test_undo_reaches_the_beginning_and_redo_the_end(steps: list[Decision | str]) -> None:
    decisions = history(steps)
    back, wanted = decisions, counting(decisions)
    for _ in wanted:
        back = back.undo("Ada", AT)
    assert counting(back) == []
    assert back.undo("Ada", AT) == back
    for _ in wanted:
        back = back.redo("Ada", AT)
    assert sorted(map(repr, counting(back))) == sorted(map(repr, wanted))


def test_a_new_decision_ends_what_can_be_redone() -> None:
    decisions = history([KINDS[0], "undo", KINDS[1]])
    assert decisions.redoable() is None
    assert counting(decisions) == [KINDS[1]]


def test_the_file_has_one_line_for_each_entry_and_tells_who_and_when() -> None:
    lines = history(KINDS).to_json().splitlines()
    assert len(lines) == len(KINDS) + 2
    assert '"id":"d1","author":"Ada","at":"2026-01-02T03:04:05Z"' in lines[1]


@pytest.mark.parametrize(
    "broken",
    [
        {"surprise": 1},
        {"schema": "discreet/decisions/2"},
        {"source": "meeting.mp4"},
        {"entries": [{"id": "d1", "author": "Ada", "at": "2026-01-02T03:04:05Z", "decision": {"kind": "delete"}}]},
        {"entries": [{"id": "d1", "author": "Ada", "at": "2026-01-02T03:04:05", "decision": {"kind": "confirm"}}]},
        {"entries": [{"id": "../d1", "author": "Ada", "at": "2026-01-02T03:04:05Z", "decision": {"kind": "confirm"}}]},
    ],
)
def test_what_is_not_such_a_file_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Decisions.model_validate({"source": SOURCE, "base": "cd" * 16} | broken)


@pytest.mark.parametrize(
    "entries",
    [
        [("d1", Confirm()), ("d1", Confirm())],
        [("d1", Undo(entry="d1"))],
        [("d1", Confirm()), ("d2", Redo(entry="d1"))],
        [("d1", Confirm()), ("d2", Undo(entry="d1")), ("d3", Undo(entry="d1"))],
        [("d1", Confirm()), ("d2", Undo(entry="d1")), ("d3", Redo(entry="d2"))],
    ],
)
def test_a_history_that_cannot_have_happened_is_refused(entries: list[tuple[str, Decision]]) -> None:
    rows = [{"id": id, "author": "Ada", "at": AT, "decision": decision.model_dump()} for id, decision in entries]
    with pytest.raises(ValidationError):
        Decisions.model_validate({"source": SOURCE, "base": "cd" * 16, "entries": rows})
