"""Stored transcripts: a recogniser listens once to the same sound under the same name."""

from pathlib import Path

import numpy as np
import pytest

from evaluation.runs.redaction_stages import Kept
from redaction import Transcript
from timeline import ArrayAudio, Segment, Word


class Counting:
    """Counts how often it has to listen."""

    def __init__(self) -> None:
        self.times = 0

    def transcribe(self, audio: ArrayAudio, speech: object, progress: object) -> Transcript:
        self.times += 1
        words = [Word(start=0.0, end=0.5, text=f"heard{self.times}")]
        return Transcript(words, "en", 0.9, [Segment(1.0, 2.0)])


def sound(seed: int) -> ArrayAudio:
    return ArrayAudio(np.random.default_rng(seed).normal(0, 0.1, 16000).astype(np.float32), 16000)


def test_the_same_sound_is_heard_once(tmp_path: Path) -> None:
    listener = Counting()
    first = Kept(listener, "whisper", tmp_path).transcribe(sound(1))
    again = Kept(listener, "whisper", tmp_path).transcribe(sound(1))
    assert listener.times == 1
    assert again.words == first.words
    assert again.unheard == [Segment(1.0, 2.0)]
    assert (again.language, again.probability) == ("en", 0.9)


@pytest.mark.parametrize("other", ["sound", "name", "speech", "folder"])
def test_anything_else_is_heard_anew(tmp_path: Path, other: str) -> None:
    listener = Counting()
    Kept(listener, "whisper", tmp_path).transcribe(sound(1))
    kept = Kept(listener, "vosk" if other == "name" else "whisper", None if other == "folder" else tmp_path)
    kept.transcribe(sound(2 if other == "sound" else 1), [Segment(0.0, 0.5)] if other == "speech" else None)
    assert listener.times == 2
