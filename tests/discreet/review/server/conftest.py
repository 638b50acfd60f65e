"""A folder of results to review: three seconds of picture and sound, two people, one word taken out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from capture import CaptureSettings, Picture, SafeWriter
from discreet.results.folder import EXPORTS, REPORT, TIMELINE
from discreet.results.report import report_text
from timeline import Timeline

RATE, SIZE, SECONDS = 16000, (64, 48), 3
SECRET = "Waldkirchen"
"""A word of the person who is shown: it must stand in no log line."""


def make_timeline(**more: object) -> Timeline:
    """Ann, who is shown and named, and a stranger, who is masked. Ann says four words, one of them private."""
    people = [
        {"id": "p1", "name": "Ann Lee", "pseudonym": "Speaker 1", "registered": True, "seen": True, "heard": True},
        {"id": "p2", "pseudonym": "Speaker 2"},
    ]
    words = [
        {"start": 0.1, "end": 0.4, "text": "I", "person": "p1", "confidence": 0.9},
        {"start": 0.5, "end": 0.9, "text": SECRET, "person": "p1", "confidence": 0.3},
        {"start": 1.0, "end": 1.4, "text": "[PERSON]", "person": "p1", "confidence": 0.9, "redaction": "r2"},
        {"start": 2.1, "end": 2.5, "text": "yes", "person": "p2", "confidence": 0.8},
    ]
    facts: dict[str, object] = {
        "recording": {"duration": SECONDS, "width": SIZE[0], "height": SIZE[1], "fps": 5.0, "sample_rate": RATE},
        "people": people,
        "tracks": [
            {"id": "t1", "person": "p1", "start": 0, "end": 3, "boxes": [[0, 4, 4, 20, 20]], "masked": False},
            {"id": "t2", "person": "p2", "start": 0, "end": 3, "masked": True},
        ],
        "turns": [
            {"start": 0, "end": 1.5, "person": "p1", "confidence": 0.6},
            {"start": 2, "end": 2.9, "person": "p2", "confidence": 0.9},
        ],
        "words": words,
        "redactions": [
            {"id": "r1", "kind": "face", "start": 0, "end": 3, "person": "p2", "operator": "solid", "reason": "new"},
            {
                "id": "r2", "kind": "word", "start": 1.0, "end": 1.4, "person": "p1", "entity": "PERSON",
                "operator": "beep", "reason": "a name", "score": 0.8,
            },
        ],
        "provenance": {"version": "1", "created": "2026-01-01T00:00:00+00:00", "source": "ab" * 32},
    }  # fmt: skip
    return Timeline.model_validate({**facts, **more})


def write_results(folder: Path, timeline: Timeline, recording: Path) -> Path:
    """Everything that a run leaves, but for pictures of people."""
    for name, make in {**EXPORTS, TIMELINE: Timeline.to_json, REPORT: report_text}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(make(timeline), encoding="utf-8")
    (folder / "safe.mp4").write_bytes(recording.read_bytes())
    return folder


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Bright pictures that get darker, and a tone in the second second."""
    path = tmp_path_factory.mktemp("recording") / "safe.mp4"
    with SafeWriter(path, Picture(*SIZE, 5.0), RATE, 1, CaptureSettings(preset="ultrafast")) as out:
        for n in range(5 * SECONDS):
            out.write_frame(n / 5, np.full((SIZE[1], SIZE[0], 3), 250 - 10 * n, np.uint8))
            loud = 0.5 if 5 <= n < 10 else 0.0
            out.write_audio((np.sin(np.arange(RATE // 5) * 0.3) * loud).astype(np.float32)[:, None])
    return path


@pytest.fixture
def results(tmp_path: Path, recording: Path) -> Path:
    """The folder."""
    return write_results(tmp_path / "meeting-safe", make_timeline(), recording)
