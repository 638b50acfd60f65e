"""Turning a voice back is exact where the setting is known: every map has its inverse."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.attacks.undo_conversion import Undone, undo_mcadams, undo_pitch, undo_range, undo_warp
from evaluation.runs.voices import baseline, plain_pitch, warp
from voice import voice_for
from voice.quality import pitch_contour

HEARD = np.geomspace(80.0, 7000.0, 200)


def vowel(hz: float, seconds: float = 1.0) -> npt.NDArray[np.float32]:
    t = np.arange(round(16000 * seconds)) / 16000
    parts = sum(np.cos(2 * np.pi * hz * k * t) / (1 + (k * hz / 900) ** 2) for k in range(1, int(7000 / hz)))
    return np.asarray(0.3 * parts / np.abs(parts).max(), np.float32)


@settings(max_examples=40)
@given(person=st.text(max_size=8), seconds=st.floats(0, 100), delay=st.floats(0, 0.2))
def test_formants_come_back_to_where_they_were(person: str, seconds: float, delay: float) -> None:
    voice = voice_for(bytes(32), person)
    there = Undone(voice, delay).source(HEARD, seconds + delay)
    assert voice.source(there, seconds) == pytest.approx(HEARD, rel=1e-9)


@settings(max_examples=40)
@given(person=st.text(max_size=8), seconds=st.floats(0, 100))
def test_pitch_tilt_and_contrast_cancel(person: str, seconds: float) -> None:
    voice = voice_for(bytes(32), person)
    undone = Undone(voice)
    assert undone.ratio(seconds) * voice.ratio(seconds) == pytest.approx(1.0)
    assert undone.tilt + voice.tilt == 0.0
    assert undone.contrast * voice.contrast == pytest.approx(1.0)
    assert undone.lowest <= undone.ratio(seconds) <= undone.highest


@pytest.mark.parametrize("person", ["a", "b", "c"])
def test_a_warped_vowel_has_its_own_pitch_again(person: str) -> None:
    voice = voice_for(bytes(32), person)
    sound = vowel(160.0)
    back = undo_warp(warp(sound, voice), voice)
    assert np.nanmedian(pitch_contour(warp(sound, voice))) != pytest.approx(160.0, rel=0.15)
    assert np.nanmedian(pitch_contour(back)) == pytest.approx(160.0, rel=0.05)
    assert len(back) == len(sound)


def test_the_wrong_setting_does_not_turn_it_back() -> None:
    sound, voice = vowel(160.0), voice_for(bytes(32), "a")
    wrong = next(v for v in (voice_for(bytes(32), str(i)) for i in range(50)) if (v.pitch > 1) != (voice.pitch > 1))
    back = undo_warp(warp(sound, voice), wrong)
    assert np.nanmedian(pitch_contour(back)) != pytest.approx(160.0, rel=0.15)


def test_the_knob_turns_back_the_knob() -> None:
    sound, voice = vowel(160.0), voice_for(bytes(32), "a")
    back = undo_pitch(plain_pitch(sound, voice), voice.pitch)
    assert np.nanmedian(pitch_contour(back)) == pytest.approx(160.0, rel=0.03)
    assert np.nanmedian(pitch_contour(undo_range(plain_pitch(sound, voice), sound))) == pytest.approx(160.0, rel=0.03)


def test_mcadams_comes_back_nearer_than_it_went() -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, 16000)
    sound = np.convolve(noise, np.hanning(9) / 4, "same").astype(np.float32)
    voice = voice_for(bytes(32), "a")

    def spectrum(x: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        return np.log(np.abs(np.fft.rfft(x[:15872].reshape(-1, 512) * np.hanning(512))).mean(axis=0) + 1e-6)

    there, back = baseline(sound, voice), undo_mcadams(baseline(sound, voice), voice)
    away = np.abs(spectrum(there) - spectrum(sound)).mean()
    assert np.abs(spectrum(back) - spectrum(sound)).mean() < 0.5 * away
