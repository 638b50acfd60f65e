"""What the document promises: nothing that must not be known can be written into it."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from timeline import FaceTrack, Person, Recording, Redaction, Timeline, Track, Turn, Word
from timeline.schema import PATH, schema_text

RECORDING = Recording(duration=10)
ANN = Person(id="p1", name="Ann", pseudonym="Speaker 1", registered=True, seen=True, heard=True)
BOB = Person(id="p2", pseudonym="Speaker 2")
MUTE = Person(id="p3", pseudonym="Speaker 3", quoted=False)
CUT = Redaction(id="r1", kind="word", start=1, end=2, operator="beep", reason="name", entity="PERSON")


def timeline(**parts: Any) -> Timeline:
    return Timeline(recording=RECORDING, people=[ANN, BOB, MUTE], **parts)


def test_json_round_trip() -> None:
    whole = timeline(
        tracks=[Track(id="t1", person="p1", start=0, end=1, boxes=[(0, 1, 2, 3, 4)], speaking=[(0, 0.5)])],
        turns=[Turn(start=0, end=1.23456, person="p2", confidence=0.5)],
        words=[Word(start=1, end=2, text="[PERSON]", person="p2", redaction="r1")],
        redactions=[CUT],
    )
    again = Timeline.from_json(whole.to_json())
    assert again == whole
    assert again.turns[0].end == 1.235
    assert '"schema": "discreet/timeline/1"' in whole.to_json()


def test_the_published_schema_is_the_code() -> None:
    assert PATH.read_text(encoding="utf-8") == schema_text()


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"turns": [Turn(start=0, end=1, person="p9")]}, "p9 is not among"),
        ({"words": [Word(start=0, end=1, text="[X]", redaction="r9")]}, "r9 is not among"),
        ({"words": [Word(start=0, end=1, text="Lee", redaction="r1")], "redactions": [CUT]}, "placeholder"),
        ({"words": [Word(start=0, end=1, text="hello", person="p3")]}, "not agreed to be quoted"),
        ({"redactions": [CUT, CUT]}, "used twice"),
    ],
)
def test_what_would_leak_or_dangle_cannot_be_made(parts: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        timeline(**parts)


def test_an_error_does_not_quote_what_it_refuses() -> None:
    with pytest.raises(ValidationError) as caught:
        Word(start=-1, end=1, text="Okonkwo", person="Okonkwo", confidence=2)
    assert "Okonkwo" not in str(caught.value)


def test_a_name_needs_an_enrolment() -> None:
    with pytest.raises(ValidationError, match="without an enrolment"):
        Person(id="p1", name="Ann", pseudonym="Speaker 1")


def test_unknown_keys_and_times_that_run_backwards_are_refused() -> None:
    with pytest.raises(ValidationError):
        Timeline.from_json('{"schema":"discreet/timeline/1","recording":{"duration":1},"extra":1}')
    with pytest.raises(ValidationError):
        Timeline.from_json('{"schema":"discreet/timeline/2","recording":{"duration":1}}')
    with pytest.raises(ValidationError, match="before start"):
        Turn(start=2, end=1, person="p1")


@given(st.floats(0, 1e5))
def test_times_are_kept_to_the_millisecond(t: float) -> None:
    assert abs(Turn(start=t, end=t + 1, person="x").start - t) <= 0.0005 + 1e-9


def test_a_face_track_stands_as_masked_unless_it_was_shown() -> None:
    boxes = np.ones((2, 4), np.float32)
    hidden = FaceTrack("t1", np.array([0.0, 0.04]), boxes)
    shown = FaceTrack("t2", np.array([0.0, 0.04]), boxes, shown=np.array([False, True]))
    assert hidden.to_document(None).masked
    assert not shown.to_document("p1").masked
    with pytest.raises(ValueError, match="do not fit"):
        FaceTrack("t3", np.array([0.0]), boxes)


@pytest.mark.parametrize(
    "label", ["A\nB", "A\r\nB", "A\u2028B", "A\x1b[31mB", "A\x00B", "\u202egnA", "A\u2066B", "", " ", "A" * 201]
)
def test_a_label_is_one_line_that_looks_like_what_it_is(label: str) -> None:
    with pytest.raises(ValidationError):
        Person(id="p1", pseudonym=label)
