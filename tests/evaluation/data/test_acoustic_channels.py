"""Channels change how a voice sounds, not how long it lasts, and the same draw gives the same sound."""

import numpy as np
import pytest

from evaluation.data.acoustic_channels import CHANNELS
from evaluation.data.media import RATE
from timeline import FloatArray


@pytest.fixture(scope="module")
def sound() -> FloatArray:
    times = np.arange(RATE) / RATE
    tones = sum(np.sin(2 * np.pi * f * times) / k for k, f in enumerate((120, 700, 2500, 5000), 1))
    return np.asarray(0.1 * tones * (np.sin(2 * np.pi * 3 * times) > 0), np.float32)


@pytest.mark.parametrize("name", CHANNELS)
def test_a_channel_keeps_the_length_and_repeats_for_a_seed(name: str, sound: FloatArray) -> None:
    once, again = (CHANNELS[name](sound, np.random.default_rng(7)) for _ in range(2))
    assert once.shape == sound.shape
    assert np.isfinite(once).all()
    assert np.abs(once).max() <= 1.0
    np.testing.assert_array_equal(once, again)


@pytest.mark.parametrize("name", [name for name in CHANNELS if name != "clean"])
def test_a_channel_is_heard(name: str, sound: FloatArray) -> None:
    heard, plain = CHANNELS[name](sound, np.random.default_rng(1)), CHANNELS["clean"](sound, np.random.default_rng(1))
    assert np.mean((heard - plain) ** 2) > 1e-3 * np.mean(plain**2)


def test_a_telephone_has_no_treble(sound: FloatArray) -> None:
    heard = CHANNELS["telephone"](sound, np.random.default_rng(1))
    power = np.abs(np.fft.rfft(heard)) ** 2
    assert power[np.fft.rfftfreq(len(heard), 1 / RATE) > 4800].sum() < 0.02 * power.sum()
