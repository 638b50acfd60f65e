"""The last guard: what comes out is compared with what went in, and silenced where they are alike."""

from __future__ import annotations

import numpy as np

from timeline import FloatArray
from voice.live.settings import ALIKE, GUARD_EVERY, GUARD_LENGTH, HITS, QUIET_BLOCK, REACH


class OwnVoiceGuard:
    """Tells whether a stream is another one, only later: a matched filter (Turin, 1960).

    It is for faults of the program, not for attackers: whoever turns a voice back is not stopped by it.

    Args:
        rate: samples per second.
    """

    def __init__(self, rate: int) -> None:
        self._length, self._every = round(GUARD_LENGTH * rate), round(GUARD_EVERY * rate)
        self._own = np.zeros(self._length + round(REACH * rate), np.float32)
        self._made = np.zeros(self._length, np.float32)
        self._since = self._hits = 0

    def __call__(self, own: FloatArray, made: FloatArray) -> bool:
        """Take what went in and what came out, ``[n]`` each; whether what came out is the own voice."""
        self._own = np.concatenate([self._own, own])[-len(self._own) :]
        self._made = np.concatenate([self._made, made])[-self._length :]
        self._since += len(made)
        if self._since < self._every:
            return False
        self._since = 0
        self._hits = self._hits + 1 if likeness(self._own, self._made) >= ALIKE else 0
        return self._hits >= HITS


def likeness(own: FloatArray, made: FloatArray) -> float:
    """The largest correlation (0..1) of ``made`` ``[m]`` with any stretch of ``own`` ``[n]``, n >= m."""
    # The difference of neighbours: hum and rumble, which any two sounds of a room share, count for little.
    one, other = np.diff(np.asarray(own, np.float64)), np.diff(np.asarray(made, np.float64))
    norm = float(np.sqrt((other**2).sum()))
    if norm < QUIET_BLOCK * np.sqrt(len(other)):
        return 0.0
    size = 1 << (len(one) + len(other) - 1).bit_length()
    match = np.fft.irfft(np.fft.rfft(one, size) * np.conj(np.fft.rfft(other, size)), size)[: len(one) - len(other) + 1]
    power = np.concatenate([[0.0], np.cumsum(one**2)])
    energy = power[len(other) :] - power[: len(power) - len(other)]
    heard = energy > QUIET_BLOCK**2 * len(other)
    return float(np.max(np.abs(match[heard]) / (np.sqrt(energy[heard]) * norm), initial=0.0))
