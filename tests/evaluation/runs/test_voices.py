"""The measures of evaluation.runs.voices, on numbers whose answer is known."""

import numpy as np
import pytest

from evaluation.runs.voices import Linkage, baseline, equal_error, pitch, warp
from voice import voice_for

SETTING = voice_for(bytes(32), "p-1")


def test_equal_error_of_known_scores():
    assert equal_error(np.array([0.9, 0.8]), np.array([0.1, 0.2])) == 0.0
    assert equal_error(np.array([0.1, 0.2]), np.array([0.9, 0.8])) == 1.0
    assert equal_error(np.array([0.9, 0.3]), np.array([0.5, 0.1])) == 0.5
    random = np.random.default_rng(0).normal(size=(2, 4000))
    assert equal_error(random[0], random[1]) == pytest.approx(0.5, abs=0.03)


def test_linkage_knows_people_from_strangers():
    people = np.repeat(np.eye(3, dtype=np.float32)[:, None], 4, axis=1)
    same, moved = Linkage(), Linkage()
    same.add(people, people)
    moved.add(people, np.roll(people, 1, axis=0))
    assert same.text(0.5).split() == ["0.0", "100.0", "100.0"]
    assert moved.text(0.5).split()[1:] == ["0.0", "0.0"]


def test_pitch_is_found():
    t = np.arange(16000) / 16000
    sound = sum(np.cos(2 * np.pi * 140 * k * t) / k for k in range(1, 20)).astype(np.float32)
    assert pitch(sound) == pytest.approx(140, rel=0.02)
    assert pitch(warp(sound, SETTING)) == pytest.approx(140 * SETTING.pitch, rel=0.06)


def test_the_baseline_keeps_length_and_level():
    sound = np.random.default_rng(0).normal(0, 0.1, 8000).astype(np.float32)
    out = baseline(sound, SETTING)
    assert len(out) == len(sound)
    assert out.std() == pytest.approx(sound.std(), rel=0.01)
    assert not np.allclose(out, sound, atol=0.05)
