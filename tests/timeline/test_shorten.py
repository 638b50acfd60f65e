"""A document of which stretches were cut out: times move along, and what was cut is gone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from timeline import Segment, Timeline, TimeMap
from timeline.shorten import REMOVE, shortened


def word(start: float, end: float, redaction: str | None = None) -> dict[str, object]:
    return {"start": start, "end": end, "text": "[PERSON]" if redaction else "word", "redaction": redaction}


def document(**parts: object) -> Timeline:
    return Timeline.model_validate({"recording": {"duration": 10.0}, **parts})


def test_without_cuts_nothing_changes() -> None:
    whole = document(words=[word(1, 2)])
    assert shortened(whole, TimeMap([])) is whole


@given(st.integers(0, 90), st.integers(1, 10), st.integers(0, 99))
def test_a_word_stays_if_at_least_half_of_it_does(start: int, length: int, at: int) -> None:
    cut = Segment(start / 10, (start + length) / 10)
    left = shortened(document(words=[word(at / 10, (at + 1) / 10)]), TimeMap([cut]))
    inside = start <= at < start + length
    assert len(left.words) == (not inside)
    assert left.recording.duration == round(10 - length / 10, 3)
    if left.words:
        assert left.words[0].start == round(at / 10 - (length / 10 if at >= start + length else 0), 3)


def test_the_redaction_that_was_cut_out_stays_without_length_and_so_does_its_placeholder() -> None:
    redaction = {
        "id": "r1",
        "kind": "word",
        "start": 2,
        "end": 4,
        "entity": "PERSON",
        "operator": REMOVE,
        "reason": "x",
    }
    left = shortened(document(words=[word(2, 4, "r1")], redactions=[redaction]), TimeMap([Segment(2, 4)]))
    assert [(r.start, r.end) for r in left.redactions] == [(2, 2)]
    assert [(w.start, w.end, w.redaction) for w in left.words] == [(2, 2, "r1")]


def test_tracks_and_turns_inside_a_cut_are_gone() -> None:
    tracks = [{"id": "t1", "start": 2.5, "end": 3.5, "boxes": [[3.0, 0, 0, 9, 9]]}, {"id": "t2", "start": 1, "end": 6}]
    people = [{"id": "p1", "pseudonym": "Speaker 1"}]
    turns = [{"start": 2, "end": 4, "person": "p1"}, {"start": 3, "end": 6, "person": "p1"}]
    left = shortened(document(tracks=tracks, people=people, turns=turns), TimeMap([Segment(2, 4)]))
    assert [(t.id, t.start, t.end) for t in left.tracks] == [("t2", 1, 4)]
    assert [(t.start, t.end) for t in left.turns] == [(2, 4)]
