"""Own voices: successive windows make a finding, and whoever may be heard makes none."""

from __future__ import annotations

import wave
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from discreet.share.checks.voices import HOP, WINDOW, OwnVoices, runs
from registered import Gallery
from timeline import Audio, FloatArray, Recording, Segment, Timeline

TIMELINE = Timeline(recording=Recording(duration=12.0))
PITCH = {"ann": 300.0, "bo": 1200.0, "cy": 3000.0}
"""Tones stand for voices."""


class Tones:
    """Stands for a voiceprint: which of three tones is heard."""

    model = "tones"

    def pieces(self, pieces: Sequence[FloatArray]) -> FloatArray:
        out = []
        for piece in pieces:
            spectrum = np.abs(np.fft.rfft(piece, 16000))
            rows = np.array([spectrum[int(hz) - 20 : int(hz) + 20].max() for hz in PITCH.values()])
            out.append(rows / max(np.linalg.norm(rows), 1e-9))
        return np.array(out, np.float32)


def speech(audio: Audio) -> Sequence[Segment]:
    return [Segment(0.0, audio.duration)]


GALLERY = Gallery.of(
    "tones",
    (
        (id, {"tones": np.eye(3, dtype=np.float32)[k : k + 1]}, {"tones": np.ones(1, np.float32)})
        for k, id in enumerate(PITCH)
    ),
)


def sound(path: Path, *parts: tuple[str | None, float]) -> Path:
    """Tones one after the other, each so many seconds long, in noise: a sound that is mostly a tone counts as hum."""
    tones = [
        np.sin(2 * np.pi * PITCH.get(name or "", 0.0) * np.arange(int(seconds * 16000)) / 16000) * 0.2
        for name, seconds in parts
    ]
    made = np.concatenate(tones)
    made += np.random.default_rng(1).normal(0, 0.17, len(made))
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16000)
        out.writeframes((np.clip(made, -1, 1) * 32767).astype("<i2").tobytes())
    return path


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ([("ann", 4.0), ("bo", 3.0), ("ann", 4.0)], 1),
        ([("ann", 4.0), ("bo", 1.0), ("ann", 4.0)], 0),
        ([("ann", 4.0), ("cy", 4.0)], 0),
        ([("bo", 3.0), ("ann", 5.0), ("bo", 3.0)], 2),
        ([(None, 5.0)], 0),
    ],
)
def test_three_seconds_of_a_voice_that_may_not_be_heard_are_found(
    tmp_path: Path, parts: list[tuple[str | None, float]], found: int
) -> None:
    path = sound(tmp_path / "safe.wav", *parts)
    findings = OwnVoices(Tones(), speech, GALLERY, frozenset({"bo"}))(path, "safe.wav", TIMELINE)
    assert [finding.kind for finding in findings] == ["voice"] * found


def test_a_finding_says_when(tmp_path: Path) -> None:
    path = sound(tmp_path / "safe.wav", ("ann", 4.0), ("bo", 4.0), ("ann", 4.0))
    (finding,) = OwnVoices(Tones(), speech, GALLERY, frozenset({"bo"}))(path, "safe.wav", TIMELINE)
    start, end = (float(part.split()[0]) for part in finding.place.split(" to "))
    assert abs(start - 4.0) <= WINDOW / 2
    assert abs(end - 8.0) <= WINDOW / 2


def test_where_nobody_is_hidden_nothing_is_listened_to(tmp_path: Path) -> None:
    assert OwnVoices(Tones(), speech, GALLERY, frozenset())(tmp_path / "none.wav", "none.wav", TIMELINE) == []


@pytest.mark.parametrize(
    ("like", "found"),
    [
        ([0.0, 0.6, 0.0, 0.6, 0.0], []),
        ([0.0, 0.6, 0.7, 0.0], [(HOP, 2 * HOP + WINDOW, 0.7)]),
        ([0.6, 0.6], [(0.0, HOP + WINDOW, 0.6)]),
        ([], []),
    ],
)
def test_successive_windows_make_one_stretch(like: list[float], found: list[tuple[float, float, float]]) -> None:
    assert list(runs([(n * HOP, score) for n, score in enumerate(like)])) == found


def test_windows_apart_in_time_are_not_successive() -> None:
    assert list(runs([(0.0, 0.6), (5.0, 0.6)])) == []
