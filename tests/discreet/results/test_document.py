"""What the notes say of the recording and its pictures."""

from pathlib import Path

import numpy as np
import pytest

from capture import MediaInfo
from diarization import Fusion
from discreet.pipeline.privacy import RedactionPlan
from discreet.results.document import make_document, notes_on
from timeline import FaceTrack, Person, Provenance, Turn


@pytest.mark.parametrize(("mark", "done"), [("", "convert"), ("discreet-mark-1", "resynthesise")])
def test_the_document_says_which_speech_was_made(info: MediaInfo, mark: str, done: str) -> None:
    turn = Turn(start=1.0, end=3.0, person="p1")
    fusion = Fusion([Person(id="p1", pseudonym="Speaker 1")], [turn], {})
    made = make_document(info, [], fusion, RedactionPlan(), "solid", Provenance(mark=mark))
    (redaction,) = made.redactions
    assert (redaction.kind, redaction.operator) == ("voice", done)
    assert (redaction.start, redaction.end) == (1.0, 3.0)
    assert made.provenance.mark == mark


@pytest.fixture
def info() -> MediaInfo:
    return MediaInfo(Path("a.mp4"), "mp4", duration=10.0, has_video=True, has_audio=True, width=64, height=36, fps=25.0)


def whole(id: str, start: float, end: float, why: str) -> FaceTrack:
    return FaceTrack.whole_picture(id, np.array([start, end]), (64, 36), why)


def test_an_ordinary_recording_needs_no_note(info: MediaInfo) -> None:
    face = FaceTrack("t1", np.array([0.0]), np.zeros((1, 4), np.float32))
    assert notes_on(info, [face], 0) == []


def test_why_and_for_how_long_the_whole_picture_is_masked(info: MediaInfo) -> None:
    tracks = [
        whole("t1", 0.0, 1.0, "the face detector failed (RuntimeError)"),
        whole("t2", 2.0, 4.0, "a fault in the program stopped the face detector (TypeError)"),
        whole("t3", 5.0, 5.5, "the face detector failed (RuntimeError)"),
    ]
    assert notes_on(info, tracks, 0) == [
        "The whole picture is masked for 1.5 s: the face detector failed (RuntimeError).",
        "The whole picture is masked for 2.0 s: a fault in the program stopped the face detector (TypeError).",
    ]


def test_pictures_that_were_not_searched_are_counted(info: MediaInfo) -> None:
    (note,) = notes_on(info, [], 3)
    assert note.startswith("3 pictures were not searched for faces")
