"""Recordings with several channels, made of voices at random."""

import numpy as np
import pytest

from evaluation.data.multichannel_mixes import random_mix


@pytest.mark.parametrize("channels", [2, 6])
def test_a_seed_is_a_recording_and_every_voice_is_in_it(channels: int) -> None:
    voices = [np.random.default_rng(i).normal(0, 0.1, 16000).astype(np.float32) for i in (1, 2)]
    one, again, other = (random_mix(voices, channels, seed) for seed in (3, 3, 4))
    assert np.array_equal(one, again)
    assert one.shape[1] == channels
    assert one.shape != other.shape or not np.array_equal(one, other)
    assert float(np.abs(one).max()) <= 1.0
    for voice in voices:
        spectrum = np.fft.rfft(voice, len(one))
        found = np.abs(np.fft.irfft(np.fft.rfft(one[:, 0]) * spectrum.conj()))
        assert found.max() > 6 * np.sqrt(np.mean(found**2))
