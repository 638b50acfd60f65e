"""A clean folder of results, small and made by the program's own writer."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from capture import CaptureSettings, Picture, SafeWriter
from sharing.gate import Gate, Terms
from timeline import Timeline
from timeline.captions import to_webvtt

NAME = "Gareth Llewellyn"


def _document() -> Timeline:
    people = [{"id": "p1", "pseudonym": "Speaker 1"}]
    words = [
        {"start": 0.1, "end": 0.3, "text": "Hello", "person": "p1"},
        {"start": 0.3, "end": 0.6, "text": "[PERSON]", "person": "p1", "redaction": "r1"},
    ]
    redaction = {"id": "r1", "kind": "word", "start": 0.3, "end": 0.6, "entity": "PERSON", "operator": "beep"}
    turns = [{"start": 0.1, "end": 0.6, "person": "p1", "confidence": 0.9}]
    return Timeline.model_validate(
        {
            "recording": {"duration": 1.0, "width": 64, "height": 48, "fps": 10.0, "sample_rate": 16000},
            "people": people,
            "turns": turns,
            "words": words,
            "redactions": [redaction | {"reason": "a name"}],
        }
    )


@pytest.fixture(scope="session")
def _written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results") / "clean"
    folder.mkdir()
    settings = CaptureSettings(preset="ultrafast")
    with SafeWriter(folder / "safe.mp4", Picture(64, 48, 10.0), 16000, 1, settings) as out:
        for n in range(10):
            out.write_frame(n / 10, np.full((48, 64, 3), 20 * n, np.uint8))
            out.write_audio(np.sin(np.arange(1600) / 7.0).astype(np.float32)[:, None] * 0.1)
    timeline = _document()
    (folder / "timeline.json").write_text(timeline.to_json(), encoding="utf-8")
    (folder / "transcript.vtt").write_text(to_webvtt(timeline), encoding="utf-8")
    return folder


@pytest.fixture
def clean(_written: Path, tmp_path: Path) -> Path:
    """A copy of the clean folder, to plant something in."""
    return Path(shutil.copytree(_written, tmp_path / "results"))


@pytest.fixture
def gate() -> Gate:
    """A gate that knows what belongs into that folder, and one name that must stand nowhere."""
    media = frozenset({"safe.mp4", "talk.wav", "people/p1.jpg", "people/p1.png"})
    return Gate({"transcript.vtt": to_webvtt}, media, Terms([NAME]))
