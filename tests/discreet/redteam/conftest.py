"""Folders to attack: results and exports with documents and small recordings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from capture import CaptureSettings, Picture, SafeWriter
from discreet.redteam.target import Target, targets_in
from timeline import Timeline

RATE = 16_000
Session = Callable[..., Path]


def document(turns: list[tuple[float, float, str]], **more: object) -> Timeline:
    """Turns of people who may not be seen or heard."""
    people = sorted({person for _, _, person in turns})
    return Timeline.model_validate(
        {
            "recording": {"duration": max(end for _, end, _ in turns), "width": 64, "height": 48, "fps": 5.0},
            "people": [{"id": one, "pseudonym": one} for one in people],
            "turns": [{"start": a, "end": b, "person": who} for a, b, who in turns],
            **more,
        }
    )


def write_sound(path: Path, tones: list[tuple[float, float, float]], seconds: float) -> Path:
    """A recording with dark pictures, and tones (start, end, Hz)."""
    sound = np.zeros(round(seconds * RATE), np.float32)
    for start, end, hz in tones:
        times = np.arange(round(start * RATE), round(end * RATE))
        sound[times] = 0.3 * np.sin(2 * np.pi * hz * times / RATE)
    with SafeWriter(path, Picture(64, 48, 5.0), RATE, 1, CaptureSettings(preset="ultrafast")) as out:
        for n in range(round(seconds * 5)):
            out.write_frame(n / 5, np.full((48, 64, 3), 30, np.uint8))
            out.write_audio(sound[n * 3200 : (n + 1) * 3200, None])
    return path


@pytest.fixture
def results(tmp_path: Path) -> Callable[[str, Timeline], Target]:
    """Makes a folder of results."""

    def make(name: str, timeline: Timeline) -> Target:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        (folder / "timeline.json").write_text(timeline.to_json(), encoding="utf-8")
        return targets_in([folder])[0]

    return make


class Tones:
    """Stands for a voiceprint: how much of each of some tones is in a piece."""

    same = 0.7
    pitches = (300, 900, 2700, 5000)

    def pieces(self, pieces: list[np.ndarray]) -> np.ndarray:
        rows = []
        for piece in pieces:
            spectrum = np.abs(np.fft.rfft(piece, RATE))
            row = np.array([spectrum[hz - 30 : hz + 30].max() for hz in self.pitches])
            rows.append(row / max(float(np.linalg.norm(row)), 1e-9))
        return np.array(rows, np.float32)
