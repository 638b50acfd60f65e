"""Pitch, loudness and syllables of sounds of which they are known."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice.quality import HOP, RATE, likeness, loudness, pitch_contour, syllables


def tone(hz: float, seconds: float = 0.6) -> npt.NDArray[np.float32]:
    t = np.arange(round(RATE * seconds)) / RATE
    return np.asarray(0.2 * sum(np.cos(2 * np.pi * hz * k * t) / k for k in range(1, 12)), np.float32)


@settings(max_examples=20, deadline=None)
@given(st.floats(70, 380))
def test_the_pitch_of_a_tone_is_its_own(hz: float) -> None:
    inside = pitch_contour(tone(hz))[8:-8]
    assert np.isfinite(inside).all()
    assert inside == pytest.approx(np.full(len(inside), hz), rel=0.02)


def test_noise_and_silence_have_no_pitch() -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, RATE).astype(np.float32)
    assert np.isfinite(pitch_contour(noise)).mean() < 0.05
    assert np.isnan(pitch_contour(np.zeros(RATE, np.float32))).all()


def test_there_is_a_value_every_10_ms() -> None:
    for size in (0, 1, HOP - 1, HOP, 5 * HOP + 3):
        assert (
            len(pitch_contour(np.zeros(size, np.float32))) == len(loudness(np.zeros(size, np.float32))) == size // HOP
        )


def test_half_the_amplitude_is_6_db_less() -> None:
    sound = np.concatenate([tone(200), 0.5 * tone(200)])
    level = loudness(sound)
    assert level[20] - level[80] == pytest.approx(6.02, abs=0.3)


def test_bursts_are_syllables() -> None:
    t = np.arange(2 * RATE) / RATE
    sound = tone(150, 2.0) * np.clip(np.sin(2 * np.pi * 3 * t), 0, 1).astype(np.float32)
    found = syllables(sound)
    assert len(found) == 6
    assert np.diff(found) == pytest.approx(np.full(5, 1 / 3), abs=0.03)
    assert len(syllables(np.zeros(RATE, np.float32))) == 0


def test_a_sound_is_like_itself_and_its_transposition() -> None:
    t = np.arange(RATE) / RATE
    phase = 2 * np.pi * np.cumsum(150 * np.exp(0.2 * np.sin(2 * np.pi * 2 * t))) / RATE

    def sung(ratio: float) -> npt.NDArray[np.float32]:
        return np.asarray(0.2 * sum(np.cos(k * ratio * phase) / k for k in range(1, 10)), np.float32)

    assert likeness(sung(1.0), sung(1.0)).pitch == pytest.approx(1.0)
    assert likeness(sung(1.0), sung(1.4)).pitch > 0.98
    assert np.isnan(likeness(sung(1.0), np.zeros(RATE, np.float32)).pitch)
