"""Random recordings with several channels: voices with different phase, delay, gain, noise and offset."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from timeline import FloatArray

RATE = 16000
_GAIN = -20.0
"""dB of the quietest path of a voice into a channel; the loudest is 0."""
_DELAY = 0.02
"""Seconds of the longest path: 7 m."""
_NOISE = (-70.0, -35.0)
"""dB below full scale of each channel's own noise."""
_OFFSET = 0.1
"""Largest constant offset of a channel."""
_PEAK = 0.9
PHASES = ("same", "opposite", "any")
"""A voice's phase from channel to channel: the same, either sign, or any angle."""


def random_mix(voices: Sequence[FloatArray], channels: int, seed: int) -> FloatArray:
    """Channels ``[n, channels]`` in which every voice ``[n_i]`` (16 kHz) is heard at its own time.

    The same seed gives the same recording. Each voice begins while the previous one speaks, or just after.
    """
    dice = np.random.default_rng(seed)
    starts = [round(0.3 * RATE)]
    for voice in voices[:-1]:
        starts.append(starts[-1] + round(dice.uniform(0.0, 1.2) * len(voice)))
    count = max(start + len(voice) for start, voice in zip(starts, voices, strict=True)) + RATE // 2
    out = np.zeros((count, channels))
    for start, voice in zip(starts, voices, strict=True):
        kind = PHASES[dice.integers(len(PHASES))]
        for channel in range(channels):
            path = np.zeros(count)
            path[start : start + len(voice)] = voice
            turn = {"same": 0.0, "opposite": np.pi * dice.integers(2), "any": dice.uniform(0, 2 * np.pi)}[kind]
            gain = 10 ** (dice.uniform(_GAIN, 0.0) / 20)
            out[:, channel] += gain * _through(path, turn, dice.uniform(0, _DELAY) * dice.integers(2))
    out *= _PEAK / max(1.0, float(np.abs(out).max()) / 0.7)
    level = 10 ** (dice.uniform(*_NOISE, channels) / 20)
    out += dice.normal(0, 1, out.shape) * level + dice.uniform(-_OFFSET, _OFFSET, channels) * dice.integers(2)
    return np.clip(out, -1.0, 1.0).astype(np.float32)


def _through(samples: npt.NDArray[np.float64], turn: float, delay: float) -> npt.NDArray[np.float64]:
    """``samples`` turned by an angle (radians) at all frequencies, and delayed by ``delay`` s."""
    spectrum = np.fft.rfft(samples)
    frequency = np.fft.rfftfreq(len(samples), 1.0 / RATE)
    spectrum *= np.exp(1j * (turn - 2 * np.pi * frequency * delay))
    spectrum[0] = 0.0
    return np.asarray(np.fft.irfft(spectrum, len(samples)), np.float64)
