"""A small result: two people, one of them enrolled, a private name that was taken out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from capture import MediaInfo
from diarization import Fusion
from discreet.pipeline import Faces, RedactionPlan
from discreet.results import make_document
from discreet.review import Draft, ReviewRules
from discreet.review.draft import ReviewScene
from redaction import RedactionSettings, SurfaceForms
from registered import Answers
from timeline import FaceTrack, Person, Provenance, Recording, Redaction, Timeline, Track, Turn, Word

SOURCE = "ab" * 32


@pytest.fixture
def timeline() -> Timeline:
    return Timeline(
        recording=Recording(duration=20, width=640, height=360, fps=25, sample_rate=16000),
        people=[
            Person(id="p1", name="Anna", pseudonym="Speaker 1", registered=True, seen=True, heard=True),
            Person(id="p2", pseudonym="Speaker 2"),
        ],
        tracks=[
            Track(id="t1", person="p1", start=0, end=10, masked=False),
            Track(id="t2", person="p2", start=0, end=10),
        ],
        turns=[
            Turn(start=0, end=5, person="p1", confidence=0.9),
            Turn(start=5, end=8, person="p1", confidence=0.4),
            Turn(start=8, end=12, person="p2", confidence=0.9),
        ],
        words=[
            Word(start=1.0, end=1.3, text="[PERSON]", person="p1", confidence=0.8, redaction="r1"),
            Word(start=1.4, end=1.8, text="Miller", person="p1", confidence=0.3),
            Word(start=1.9, end=2.2, text="called", person="p1", confidence=0.9),
            Word(start=9.0, end=9.4, text="yes", person="p2", confidence=0.9),
        ],
        redactions=[
            Redaction(id="r1", kind="word", start=0.9, end=1.4, entity="PERSON", operator="beep", reason="a name"),
            Redaction(id="r2", kind="face", start=0, end=10, person="p2", operator="mosaic", reason="not recognised"),
            Redaction(
                id="r3", kind="word", start=13, end=16, entity="NOT_UNDERSTOOD", operator="silence", reason="no words"
            ),
            Redaction(
                id="r4",
                kind="word",
                start=17,
                end=18,
                entity="PERSON",
                operator="beep",
                reason="a name; widened: it was still heard",
            ),
        ],
        provenance=Provenance(version="0", created="2026-01-02T03:04:05+00:00", source=SOURCE),
    )


@pytest.fixture
def results(tmp_path: Path, timeline: Timeline) -> Path:
    folder = tmp_path / "meeting-safe"
    folder.mkdir()
    (folder / "timeline.json").write_text(timeline.to_json(), encoding="utf-8")
    return folder


@pytest.fixture
def found() -> Draft:
    """What a run found: Anna, who is heard, and a stranger; a name was taken out, a face of each."""
    words = [
        Word(start=1.0, end=1.4, text="[PERSON]", person="p1", confidence=0.8, redaction="w1"),
        Word(start=1.5, end=1.9, text="Miller", person="p1", confidence=0.9),
        Word(start=2.0, end=2.4, text="called", person="p1", confidence=0.9),
        Word(start=9.0, end=9.4, text="yes", person="p2", confidence=0.9),
        Word(start=9.5, end=9.9, text="Miller's", person="p2", confidence=0.9),
        Word(start=10.0, end=10.4, text="ill", person="p2", confidence=0.9),
    ]
    name = Redaction(id="w1", kind="word", start=0.9, end=1.45, entity="PERSON", operator="beep", reason="a name")
    times = np.arange(0, 20, 0.5)
    boxes = np.tile(np.array([10, 10, 40, 40], np.float32), (len(times), 1))
    faces = Faces(
        [
            FaceTrack("t1", times, boxes, enrolled="anna", shown=np.ones(len(times), np.bool_), similarity=0.7),
            FaceTrack("t2", times, boxes + 100, shown=np.zeros(len(times), np.bool_)),
        ],
        times,
    )
    people = Fusion(
        [
            Person(id="p1", name="Anna", pseudonym="Speaker 1", registered=True, seen=True, heard=True),
            Person(id="p2", pseudonym="Speaker 2"),
        ],
        [
            Turn(start=0, end=5, person="p1", confidence=0.9),
            Turn(start=8, end=12, person="p2", confidence=0.9),
        ],
        {"t1": "p1", "t2": "p2"},
        {"p1": "anna"},
    )
    otto = Word(start=1.0, end=1.4, text="Otto", person="p1", confidence=0.8)
    said: dict[str, tuple[Word, ...]] = {"w1": (otto,)}
    plan = RedactionPlan(words, [name], said=said, forms=SurfaceForms([("PERSON", ["Otto"])]))
    return Draft(faces, people, plan)


@pytest.fixture
def scene(found: Draft) -> ReviewScene:
    info = MediaInfo(Path("x.mp4"), "mp4", 20.0, True, True, width=640, height=360, fps=2.0, sample_rate=16000)
    before = make_document(info, found.faces.tracks, found.people, found.plan, "solid", Provenance())
    answers = {"anna": Answers(True, True, True, True)}
    ground = ReviewRules(before, {"p1": "anna"}, {"anna": "Anna"}, answers)
    return ReviewScene(ground, RedactionSettings(), size=(640, 360))
