"""Each kind of decision refuses what says nothing, says two things, or does not end."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from discreet.review.decision_kinds import Correct, Decision

ANY: TypeAdapter[Decision] = TypeAdapter(Decision)


@pytest.mark.parametrize(
    "decision",
    [
        {"kind": "redact", "spans": []},
        {"kind": "redact", "spans": [{"start": 2, "end": 2}]},
        {"kind": "redact", "spans": [{"start": 1, "end": 2}], "operator": "keep"},
        {"kind": "mask", "start": 0, "end": 1},
        {"kind": "mask", "start": 0, "end": 1, "track": "t1", "box": {"x": 0, "y": 0, "width": 1, "height": 1}},
        {"kind": "mask", "start": 0, "end": 1, "box": {"x": 0, "y": 0, "width": 0, "height": 1}},
        {"kind": "merge", "person": "p1", "other": "p1"},
        {"kind": "move", "start": 0, "end": 1, "person": "p1", "to": "p1"},
        {"kind": "answer", "person": "p1"},
        {"kind": "correct", "start": 0, "end": 1, "text": "two\nlines"},
        {"kind": "reject", "items": ["r1"], "reason": " "},
        {"kind": "reject", "items": ["r1"], "reason": "x" * 501},
        {"kind": "approve", "items": ["../r1"]},
        {"kind": "approve", "items": []},
    ],
)
def test_a_decision_that_says_nothing_or_too_much_is_refused(decision: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ANY.validate_python(decision)


def test_an_error_does_not_quote_what_it_refuses() -> None:
    with pytest.raises(ValidationError) as caught:
        Correct(start=0, end=1, text="secret\nword")
    assert "secret" not in str(caught.value)
