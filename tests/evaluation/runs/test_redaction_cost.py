"""The cost of the words room: CPU seconds for each second of all recordings, and absent sound is said."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from discreet.config import load
from evaluation.runs import redaction_cost
from redaction import Verification
from timeline import ArrayAudio
from weights import Store


def test_absent_sound_is_skipped_and_said(capsys: pytest.CaptureFixture[str]) -> None:
    redaction_cost.cost("read speech", [], Store(), load())
    assert capsys.readouterr().out == "cost, read speech: skipped, its sound is absent\n"


def test_without_the_media_there_is_nothing_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redaction_cost, "MEDIA", tmp_path)
    assert redaction_cost.read() == []


def test_stages_add_up_over_all_recordings(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def work(audio: ArrayAudio, *_: Any) -> SimpleNamespace:
        private = SimpleNamespace(said={"r1": []})
        return SimpleNamespace(
            private=private, proof=Verification([], listened=1.0), seconds={"words": audio.duration / 10, "proof": 0.1}
        )

    monkeypatch.setattr(redaction_cost, "work", work)
    for name in ("Transcriber", "PiiFinder", "SpeechFinder"):
        monkeypatch.setattr(redaction_cost, name, SimpleNamespace(from_store=lambda *_: None))
    sounds = [ArrayAudio(np.zeros(seconds * 16000, np.float32)) for seconds in (2, 6)]
    redaction_cost.cost("silence", sounds, Store(), load())
    first, second = capsys.readouterr().out.splitlines()
    assert first == "cost, silence: 8 s, 2 private spans, RTF 0.125 (CPU; mark 0.2): words 0.100, proof 0.025"
    assert second.startswith("  proof 0.25 of words: 0.25 of the sound was listened to; loading all models ")
