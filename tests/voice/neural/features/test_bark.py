"""FARGAN's features of sound: each band where it should be, the pitch as FARGAN reads it, and speech that survives."""

import numpy as np
import pytest

from voice.neural.features import BANDS, PITCH, VOICING, bark_features
from voice.neural.features.bark import cepstrum
from voice.resynthesis import FRAME, RATE, Fargan
from voice.resynthesis.fargan import period_of


def tone(hz: float, seconds: float = 0.5) -> np.ndarray:
    at = np.arange(round(seconds * RATE)) / RATE
    return sum(np.sin(2 * np.pi * hz * k * at) / k for k in range(1, 9)).astype(np.float32) * 0.2


@pytest.mark.parametrize("samples", [0, 1, 159, 160, 161, 1600])
def test_there_is_a_finite_frame_for_every_160_samples(samples: int) -> None:
    found = bark_features(np.zeros(samples, np.float32))
    assert found.shape == (samples // FRAME, 20)
    assert np.isfinite(found).all()


@pytest.mark.parametrize("hz", [90.0, 160.0, 320.0])
def test_fargan_reads_the_period_of_a_voice_out_of_the_pitch(hz: float) -> None:
    found = bark_features(tone(hz))
    assert abs(period_of(float(np.median(found[:, PITCH]))) - RATE / hz) <= 1.0
    assert np.median(found[5:-5, VOICING]) > 0.3


def test_noise_has_no_voice() -> None:
    hiss = np.random.default_rng(0).normal(0, 0.1, RATE // 2).astype(np.float32)
    assert np.median(bark_features(hiss)[:, VOICING]) < 0.0


def test_ten_times_the_power_is_one_more_in_every_band_and_nothing_but_the_first_coefficient() -> None:
    energy = np.random.default_rng(0).uniform(10, 1000, (4, BANDS))
    apart = cepstrum(10 * energy) - cepstrum(energy)
    assert apart[:, 0] == pytest.approx(np.sqrt(BANDS), abs=1e-3)
    assert np.abs(apart[:, 1:]).max() < 1e-3


def test_a_high_sound_has_less_first_slope_than_a_low_one() -> None:
    low, high = (bark_features(tone(hz))[10, 1] for hz in (100.0, 2000.0))
    assert high < low


def test_a_frame_is_about_the_samples_that_fargan_makes_of_it() -> None:
    sound = np.zeros(20 * FRAME, np.float32)
    sound[10 * FRAME : 11 * FRAME] = np.random.default_rng(0).normal(0, 0.3, FRAME)
    assert int(np.argmax(bark_features(sound)[:, 0])) == 10


@pytest.mark.models
def test_speech_comes_through_the_vocoder_in_step(store, needs, media) -> None:
    import soundfile

    from voice.quality import likeness

    needs(store, "fargan")
    sound, _ = soundfile.read(next(media.glob("voices/vctk_p225/*.flac")), dtype="float32")
    sound = sound[: 2 * RATE]
    vocoder = Fargan.from_store(store)
    made = np.concatenate([vocoder(bark_features(sound)), vocoder.flush()])
    alike = likeness(sound, made)
    assert len(made) == len(sound) // FRAME * FRAME
    assert alike.energy > 0.95
    assert alike.pitch > 0.9
