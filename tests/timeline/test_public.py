"""The public form tells what a reader needs, and neither links nor likens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline import (
    Evidence,
    Person,
    Provenance,
    Recording,
    Redaction,
    Timeline,
    Track,
    Turn,
    Word,
    public_form,
    to_exclusive_rttm,
    to_rttm,
    to_srt,
    to_txt,
    to_webvtt,
)

BOX = (0.5, 1.0, 2.0, 30.0, 40.0)


def whole(reason: str = "not like anybody enrolled (0.31 < 0.42)") -> Timeline:
    return Timeline(
        recording=Recording(duration=9),
        people=[
            Person(id="p1", name="Ann", pseudonym="S1", registered=True, seen=True),
            Person(id="p2", pseudonym="S2"),
        ],
        tracks=[
            Track(id="t1", person="p1", start=0, end=9, masked=False, boxes=[BOX], speaking=[(0.5, 0.9)]),
            Track(id="t2", person="p2", start=0, end=9, masked=True, boxes=[BOX], speaking=[(0.5, 0.1)]),
            Track(id="t3", start=0, end=9, masked=True, boxes=[BOX]),
        ],
        turns=[Turn(start=1, end=2, person="p1", confidence=0.8, evidence=Evidence(voice=0.7, face=0.6, lips=0.5))],
        words=[Word(start=1, end=1.5, text="[PERSON]", person="p1", redaction="r1")],
        redactions=[
            Redaction(
                id="r1", kind="word", start=1, end=1.5, operator="beep", entity="PERSON", reason="a name (NER 3)"
            ),
            Redaction(id="r2", kind="face", start=0, end=9, person="p2", operator="mosaic", reason=reason),
        ],
        provenance=Provenance(version="1", source="f" * 64, source_sha256="a" * 64, notes=["a note"]),
    )


def test_hash_likeness_and_the_places_of_masked_faces_are_gone() -> None:
    made = public_form(whole())
    text = made.to_json()
    assert "a" * 64 not in text
    assert "0.31" not in text
    assert made.turns[0].evidence == Evidence()
    assert [len(track.boxes) for track in made.tracks] == [1, 0, 0]


def test_everything_else_stays() -> None:
    made = public_form(whole())
    assert made.people == whole().people
    assert made.words == whole().words
    assert [track.speaking for track in made.tracks] == [track.speaking for track in whole().tracks]
    assert made.turns[0].confidence == 0.8
    assert [r.reason for r in made.redactions] == ["a name (NER 3)", "not like anybody enrolled"]
    assert made.provenance.notes == ["a note"]
    assert made.provenance.origin == "f" * 64


@pytest.mark.parametrize("export", [to_rttm, to_exclusive_rttm, to_webvtt, to_srt, to_txt])
def test_every_text_is_the_same_from_both(export: object) -> None:
    assert callable(export)
    assert export(public_form(whole())) == export(whole())


@given(st.text(max_size=40))
def test_it_is_valid_and_its_own_public_form(reason: str) -> None:
    made = public_form(whole(reason))
    assert Timeline.from_json(made.to_json()) == made
    assert public_form(made) == made


def test_a_document_of_before_says_where_it_comes_from() -> None:
    assert Provenance(source_sha256="b" * 64).origin == "b" * 64


@pytest.mark.parametrize(
    ("reason", "left"),
    [
        ("like nobody (0.31 (closest))", "like nobody"),
        ("like nobody (least f(0.42))", "like nobody"),
        ("a (plain) reason", "a (plain) reason"),
        ("open (0.3", "open (0.3"),
        (" (1" * 200_000 + ")" * 200_000, ""),
    ],
)
def test_figures_go_however_brackets_are_nested(reason: str, left: str) -> None:
    assert public_form(whole(reason)).redactions[1].reason == left
