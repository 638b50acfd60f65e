"""The gate's listener: a term that is heard is placed, and nothing else is."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from discreet.config.settings import load
from discreet.results.share_checks import SpokenTerms
from sharing import Terms
from timeline import Recording, Timeline, Word
from weights import Store

SAID = "hello my name is gareth llewellyn and gareth is here"


@pytest.fixture
def sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A second of noise, in which a listener of the test hears one word every half second."""
    path = tmp_path / "talk.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", ""))
        file.writeframes(np.random.default_rng(1).integers(-900, 900, 16000).astype("<i2").tobytes())
    words = [Word(start=n / 2, end=n / 2 + 0.4, text=text) for n, text in enumerate(SAID.split())]
    monkeypatch.setattr("discreet.results.share_checks.Transcriber.from_store", lambda *_: lambda _: words)
    return path


def places(path: Path, *terms: str) -> list[str]:
    timeline = Timeline(recording=Recording(duration=5.0))
    found = SpokenTerms(Store(), load(), Terms(terms))(path, path.name, timeline)
    assert all(finding.kind == "word" and "gareth" not in str(finding).lower() for finding in found)
    return [finding.place for finding in found]


def test_a_term_of_several_words_is_placed_from_its_first_to_its_last(sound: Path) -> None:
    assert places(sound, "Gareth Llewellyn") == ["2.0 to 2.9 s"]


def test_each_time_it_is_heard_is_a_finding(sound: Path) -> None:
    assert places(sound, "Gareth") == ["2.0 to 2.4 s", "3.5 to 3.9 s"]


def test_what_is_not_said_is_not_found(sound: Path) -> None:
    assert places(sound, "Llewellyn Gareth", "Swansea") == []


def test_a_file_that_is_no_sound_is_not_listened_to(tmp_path: Path) -> None:
    assert places(tmp_path / "p1.jpg", "Gareth") == []
