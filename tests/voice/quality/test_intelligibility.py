"""STOI is 1 for what is the same, falls with noise, and does not hear level."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from voice.quality import stoi


def speech() -> npt.NDArray[np.float32]:
    t = np.arange(32000) / 16000
    hum = sum(np.cos(2 * np.pi * 130 * k * t) / k for k in range(1, 40))
    return np.asarray(0.1 * hum * (0.55 + 0.45 * np.sin(2 * np.pi * 4 * t)), np.float32)


def test_what_is_the_same_is_wholly_intelligible_at_any_level() -> None:
    assert stoi(speech(), speech(), 16000) == pytest.approx(1.0, abs=1e-6)
    assert stoi(speech(), 0.1 * speech(), 16000) == pytest.approx(1.0, abs=1e-6)


def test_more_noise_is_less_intelligible() -> None:
    noise = np.random.default_rng(0).normal(0, 1, 32000).astype(np.float32)
    scores = [stoi(speech(), speech() + level * noise, 16000) for level in (0.0, 0.03, 0.1, 1.0)]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] < 0.5


def test_too_little_speech_has_none() -> None:
    assert np.isnan(stoi(np.zeros(0, np.float32), np.zeros(0, np.float32), 16000))
    assert np.isnan(stoi(speech()[:3000], speech()[:3000], 16000))
