"""The report: what people agreed to, what was taken out, and what to know, in words that say just that."""

from __future__ import annotations

from typing import Any

import pytest

from discreet.results.report import report_text
from timeline import Recording, Timeline

ANN = {"id": "p1", "name": "Ann", "pseudonym": "Speaker 1", "registered": True, "seen": True, "quoted": True}
STRANGER = {"id": "p2", "pseudonym": "Speaker 2"}


def report(**parts: Any) -> str:
    recording = Recording(duration=10.0, width=640, height=360, fps=25.0)
    return report_text(Timeline.model_validate({"recording": recording.model_dump(), **parts}))


def word(number: int, entity: str) -> dict[str, Any]:
    span = {"start": float(number), "end": number + 0.5}
    return {"id": f"r{number}", "kind": "word", "entity": entity, "operator": "beep", "reason": "a test", **span}


def test_somebody_enrolled_is_listed_with_everything_they_agreed_to() -> None:
    assert "Ann (enrolled, agreed to be seen, quoted and named): did not speak, 0 face tracks" in report(people=[ANN])


@pytest.mark.parametrize(
    ("quoted", "told"), [(True, "quoted under a pseudonym, as the settings say"), (False, "not quoted")]
)
def test_nobody_says_that_a_stranger_agreed_to_anything(quoted: bool, told: str) -> None:
    text = report(people=[{**STRANGER, "quoted": quoted}])
    assert f"Speaker 2 (not enrolled, so masked and in another voice; {told})" in text
    assert "agreed" not in text


def test_speech_that_was_not_understood_is_no_private_word() -> None:
    text = report(redactions=[word(1, "PERSON"), word(2, "NOT_UNDERSTOOD"), word(3, "NOT_UNDERSTOOD")])
    assert "private words: 1 x PERSON\n" in text
    assert "speech that was not understood: 2 places" in text


def test_every_face_track_is_accounted_for() -> None:
    tracks = [{"id": f"t{n}", "start": 0.0, "end": 1.0, "person": "p2" if n < 3 else None} for n in range(4)]
    text = report(people=[STRANGER], tracks=tracks)
    assert "did not speak, 3 face tracks" in text
    assert "faces that belong to none of them: 1 face track\n" in text
    assert "4 of 4 tracks masked throughout" in text


def test_an_empty_recording_has_a_whole_report() -> None:
    assert [part.splitlines()[0] for part in report().split("\n\n")] == [
        "Discreet report",
        "Recording: 00:00:10, 640x360 at 25.0 frames a second",
        "People",
        "Taken out",
        "Cost",
    ]
