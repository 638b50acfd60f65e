"""Pitch is found in a speaker's sound and moved into the range of another voice."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.resynthesis.contour import HOP, PitchRange, pitch_of, pitch_range, transposed
from voice.resynthesis.settings import REACH, VOICED

VOICE = PitchRange(float(np.log(120.0)), 0.15)


def sung(hz: np.ndarray, rate: int) -> np.ndarray:
    """A tone with overtones whose pitch is ``hz`` ``[n]`` at each sample."""
    phase = 2 * np.pi * np.cumsum(hz) / rate
    return (0.1 * sum(np.cos(k * phase) / k for k in range(1, 8))).astype(np.float32)


@pytest.mark.parametrize("rate", [16000, 44100])
@pytest.mark.parametrize("hz", [80.0, 130.0, 220.0, 350.0])
def test_a_steady_pitch_is_found(hz: float, rate: int) -> None:
    pitch = pitch_of(sung(np.full(rate, hz), rate), rate)
    inside = pitch[4:-4]
    assert np.isfinite(inside).mean() > 0.95
    assert np.nanmedian(np.abs(inside / hz - 1)) < 0.02


def test_a_pitch_between_two_lags_is_found() -> None:
    pitch = pitch_of(sung(np.full(16000, 340.0), 16000), 16000)[4:-4]
    assert np.nanmedian(np.abs(pitch / 340.0 - 1)) < 0.003


def test_a_rough_voice_is_not_taken_for_one_an_octave_lower() -> None:
    rate, hz = 16000, np.full(32000, 200.0)
    phase = 2 * np.pi * np.cumsum(hz) / rate
    rough = np.where(np.arange(len(hz)) < rate, 0.0, 0.25) * np.cos(phase / 2)
    pitch = pitch_of(np.asarray(sung(hz, rate) * (1 + rough), np.float32), rate)
    assert np.nanmax(np.abs(pitch / 200.0 - 1)) < 0.05


def test_a_glide_is_followed() -> None:
    wanted = np.linspace(100, 200, 16000)
    pitch = pitch_of(sung(wanted, 16000), 16000)
    at = np.round(np.arange(len(pitch)) * HOP * 16000).astype(int)
    inside = slice(5, -5)
    assert np.nanmax(np.abs(pitch[inside] / wanted[at][inside] - 1)) < 0.05


def test_noise_and_silence_have_no_pitch() -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, 16000).astype(np.float32)
    assert np.isfinite(pitch_of(noise, 16000)).mean() < 0.1
    assert not np.isfinite(pitch_of(np.zeros(16000, np.float32), 16000)).any()
    assert len(pitch_of(np.zeros(10, np.float32), 16000)) == 0


def test_pitch_does_not_depend_on_polarity_or_level() -> None:
    sound = sung(np.linspace(100, 180, 16000), 16000)
    pitch = pitch_of(sound, 16000)
    assert np.array_equal(pitch_of(-sound, 16000), pitch, equal_nan=True)
    assert np.allclose(pitch_of(0.25 * sound, 16000), pitch, equal_nan=True)


def test_a_range_is_not_widened_by_octave_errors() -> None:
    rng = np.random.default_rng(0)
    pitch = np.exp(rng.normal(np.log(120), 0.1, 500))
    wrong = pitch.copy()
    wrong[::25] *= 2
    found, other = pitch_range(pitch), pitch_range(wrong)
    assert found is not None
    assert other is not None
    assert np.exp(found.median) == pytest.approx(120, rel=0.03)
    assert found.deviation == pytest.approx(0.1, rel=0.15)
    assert other.deviation == pytest.approx(found.deviation, rel=0.2)
    assert pitch_range(np.full(500, np.nan)) is None


CURVES = st.lists(st.floats(70.0, 300.0), min_size=20, max_size=80).map(np.array)


@given(CURVES, CURVES)
def test_what_is_said_stays_in_the_range_of_its_voice(own: np.ndarray, said: np.ndarray) -> None:
    said = said.astype(np.float32)
    said[::7] = 8.0
    moved = transposed(own, PitchRange(float(np.log(150)), 0.2), said, VOICE)
    voiced = said > VOICED
    assert np.array_equal(moved[~voiced], said[~voiced]), "where there is no pitch, none is made"
    logs = np.log(moved[voiced])
    assert (np.abs(logs - VOICE.median) <= REACH * VOICE.deviation + 1e-5).all()


def test_the_movement_is_the_speakers_and_the_place_the_voices() -> None:
    own = 200 * np.exp(0.2 * np.sin(np.linspace(0, 7, 100)))
    speaker = pitch_range(own)
    assert speaker is not None
    moved = transposed(own, speaker, np.full(80, 130.0, np.float32), VOICE, start=10 * HOP)
    assert np.corrcoef(np.log(moved), np.log(own[10:90]))[0, 1] > 0.99
    assert np.median(np.log(moved)) == pytest.approx(VOICE.median, abs=0.05)


def test_flat_leaves_a_share_of_the_movement() -> None:
    own = 200 * np.exp(0.2 * np.sin(np.linspace(0, 7, 100)))
    speaker = pitch_range(own)
    assert speaker is not None
    said = np.full(100, 130.0, np.float32)
    spread = [float(np.log(transposed(own, speaker, said, VOICE, share)).std()) for share in (0.0, 0.4, 1.0)]
    assert spread[0] < 1e-6
    assert spread[1] == pytest.approx(0.4 * spread[2], rel=0.05)
