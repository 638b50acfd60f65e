"""Sounds for the voice room."""

import numpy as np
import pytest


def vowel(rate: int, seconds: float, pitch: float = 120.0, formants=(600.0, 1200.0, 2500.0)) -> np.ndarray:
    """A sung vowel: a pulse train through resonances, float32 of about -20 dB."""
    t = np.arange(round(seconds * rate)) / rate
    out = np.zeros(len(t))
    for k in range(1, int(min(rate / 2, 7000) / pitch)):
        f = k * pitch
        gain = sum(1 / (1 + ((f - at) / 90.0) ** 2) for at in formants) + 0.01
        out += gain * np.cos(2 * np.pi * f * t + 0.7 * k * k)
    return (0.1 * out / out.std()).astype(np.float32)


@pytest.fixture(scope="session")
def sung():
    """Two seconds of a vowel at 16 kHz."""
    return vowel(16000, 2.0)
