"""Mel spectra and back: the sound has the spectra that it was made from."""

from __future__ import annotations

import numpy as np
import pytest

from evaluation.attacks.mel_inversion import RATE, bank, mel, sound_from


def tone(hz: float, seconds: float = 0.4) -> np.ndarray:
    return np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE)) / RATE).astype(np.float32)


@pytest.mark.parametrize("bands", [8, 20, 80])
def test_every_band_hears_something_and_centres_rise(bands: int) -> None:
    centres = bank(bands).argmax(axis=1)
    assert (bank(bands).sum(axis=1) > 0).all()
    assert (np.diff(centres) >= 0).all()


def test_a_tone_comes_back_in_its_band() -> None:
    rows = mel(tone(1000.0), 80)
    again = mel(sound_from(rows), 80)
    assert abs(int(again.mean(axis=0).argmax()) - int(rows.mean(axis=0).argmax())) <= 1


def test_long_frames_are_means() -> None:
    sound = tone(500.0)
    short, long = np.exp(mel(sound, 20)), np.exp(mel(sound, 20, 10))
    assert long == pytest.approx(short[: len(long) * 10].reshape(len(long), 10, 20).mean(axis=1), rel=1e-6, abs=1e-9)
