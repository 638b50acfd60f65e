"""Leaks: what is planted is there, when it was meant to be, and nothing else changes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from capture import CaptureSettings, Picture, SafeWriter, VideoFile
from evaluation.data.planted_recordings import RATE, bare_face, own_voice, sound_of, write_cut


def recording(path: Path, grey: int) -> Path:
    with SafeWriter(path, Picture(64, 48, 25.0), RATE, 1, CaptureSettings(preset="ultrafast")) as out:
        for n in range(50):
            out.write_frame(n / 25, np.full((48, 64, 3), grey, np.uint8))
            out.write_audio(np.zeros((RATE // 25, 1), np.float32))
    return path


def brightness(path: Path) -> list[float]:
    return [float(picture[10:20, 10:20].mean()) for _, picture in VideoFile(path)]


def test_a_face_is_bare_for_as_many_pictures_as_were_asked_for(tmp_path: Path) -> None:
    safe, original = recording(tmp_path / "safe.mp4", 20), recording(tmp_path / "original.mp4", 220)
    bare_face(safe, original, 30, 5, np.array([8, 8, 16, 16], np.float32))
    assert [n for n, grey in enumerate(brightness(safe)) if grey > 150] == list(range(30, 35))


def test_a_voice_is_heard_where_it_was_put(tmp_path: Path) -> None:
    safe = recording(tmp_path / "safe.mp4", 20)
    own_voice(safe, np.sin(np.arange(RATE // 2) / 5.0).astype(np.float32) * 0.5, 1.0)
    heard = np.flatnonzero(np.abs(sound_of(safe)) > 0.1) / RATE
    assert (heard.min(), heard.max()) == (pytest.approx(1.0, abs=0.05), pytest.approx(1.5, abs=0.05))
    assert len(brightness(safe)) == 50


def test_a_cut_is_a_part(tmp_path: Path) -> None:
    write_cut(recording(tmp_path / "whole.mp4", 90), tmp_path / "cut.mp4", 0.4, 1.0)
    assert len(brightness(tmp_path / "cut.mp4")) == 25
