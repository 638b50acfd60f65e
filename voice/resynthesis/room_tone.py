"""The noise of a room, synthesised: it replaces a voice, and speech that nobody understood.

The only measurement is one level for each of twelve broad bands, over all of a recording, taken in its quietest
moments. Noise with these levels is made from random numbers, and contains no sample of the recording.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from timeline import FloatArray
from voice.resynthesis.settings import LEVELS_ABOVE, MOST_TONE, QUIETEST_TENTH, ROOM_FLOOR, TONE_BANDS, TONE_SHARE

_FRAME, _EVERY = 0.032, 4
"""Seconds of a frame; one in so many frames is analysed."""
_TAPS = 512
_CHUNK = 8192


@dataclass(frozen=True, slots=True)
class RoomTone:
    """A room's noise: power density in dB of full scale per Hz for each band of :data:`TONE_BANDS`."""

    density: tuple[float, ...] = (-200.0,) * (len(TONE_BANDS) - 1)

    @property
    def rms(self) -> float:
        """Its level; 1 is full scale."""
        return float(np.sqrt(np.sum(10 ** (np.array(self.density) / 10) * np.diff(TONE_BANDS))))


SILENT_ROOM = RoomTone()


class RoomToneMeter:
    """Measures a room's noise from a recording, block by block. ``rate``: samples per second."""

    def __init__(self, rate: int) -> None:
        self._size = round(_FRAME * rate)
        self._window = np.hanning(self._size)
        self._rest = np.zeros(0, np.float32)
        frequency = np.fft.rfftfreq(self._size, 1 / rate)
        edges = np.array(TONE_BANDS)
        inside = (frequency >= edges[:-1, None]) & (frequency < edges[1:, None])
        self._share = inside / np.maximum(inside.sum(axis=1, keepdims=True), 1)
        self._scale = 2.0 / (rate * float(np.sum(self._window**2)))
        self._counts = np.zeros((len(edges) - 1, ROOM_FLOOR + LEVELS_ABOVE + 1), np.int64)

    def __call__(self, block: FloatArray) -> None:
        """Analyse ``[n]`` more samples."""
        sound = np.concatenate([self._rest, block])
        step = self._size * _EVERY
        count = len(sound) // step
        self._rest = np.array(sound[count * step :], np.float32)
        frames = sound[: count * step].reshape(count, step)[:, : self._size].astype(np.float64)
        power = np.abs(np.fft.rfft((frames - frames.mean(axis=1, keepdims=True)) * self._window)) ** 2 * self._scale
        level = 10 * np.log10(power @ self._share.T + 1e-30)
        cell = np.clip(np.rint(level) + ROOM_FLOOR + LEVELS_ABOVE, 0, self._counts.shape[1] - 1).astype(np.int64)
        for band in range(len(self._counts)):
            self._counts[band] += np.bincount(cell[:, band], minlength=self._counts.shape[1])

    def tone(self) -> RoomTone:
        """The noise measured so far; no louder than :data:`MOST_TONE`."""
        if not self._counts.sum():
            return SILENT_ROOM
        below = np.cumsum(self._counts, axis=1) >= TONE_SHARE * self._counts.sum(axis=1, keepdims=True)
        level = np.argmax(below, axis=1) - float(ROOM_FLOOR + LEVELS_ABOVE)
        # The quietest tenth of the frames of noise lies this far below its mean power.
        level = np.where(level > 1.0 - ROOM_FLOOR - LEVELS_ABOVE, level + QUIETEST_TENTH, -200.0)
        found = RoomTone(tuple(float(value) for value in level))
        over = max(0.0, 20 * np.log10(max(found.rms, 1e-12) / MOST_TONE))
        return RoomTone(tuple(value - over for value in found.density))


class RoomToneConverter:
    """Replaces its input by the room's noise (see :class:`voice.Converter`).

    Args:
        tone: the room's noise.
        rate: samples per second.
    """

    delay = 0
    latency = 0.0

    def __init__(self, tone: RoomTone, rate: int) -> None:
        self._taps = _filter(tone, rate)
        self._past, self._chunk = np.zeros(_TAPS - 1), 0
        self._ready: FloatArray = np.zeros(0, np.float32)

    def __call__(self, block: FloatArray) -> FloatArray:
        """Noise ``[n]`` for ``block`` ``[n]``, of which only the length is used."""
        count = len(block)
        while len(self._ready) < count:
            noise = np.random.default_rng((2718, self._chunk)).standard_normal(_CHUNK)
            given = np.concatenate([self._past, noise])
            self._past, self._chunk = given[-(_TAPS - 1) :], self._chunk + 1
            made = np.fft.irfft(np.fft.rfft(given, 2 * _CHUNK) * self._taps, 2 * _CHUNK)[_TAPS - 1 : len(given)]
            self._ready = np.concatenate([self._ready, made.astype(np.float32)])
        out, self._ready = self._ready[:count], self._ready[count:]
        return np.asarray(np.clip(out, -1.0, 1.0), np.float32)

    def flush(self) -> FloatArray:
        """Nothing: no sound is held back. Afterwards the converter is reset."""
        self._past, self._chunk = np.zeros(_TAPS - 1), 0
        self._ready = np.zeros(0, np.float32)
        return self._ready


def _filter(tone: RoomTone, rate: int) -> npt.NDArray[np.complex128]:
    """The spectrum of a filter that gives white noise of power 1 the room's densities."""
    frequency = np.fft.rfftfreq(_TAPS, 1 / rate)
    edges = np.array(TONE_BANDS, float)
    centre = np.sqrt(edges[:-1] * edges[1:])
    density = np.interp(np.log(np.maximum(frequency, 1.0)), np.log(centre), tone.density)
    gain = np.sqrt(10 ** (density / 10) * rate / 2)
    gain = np.where((frequency >= edges[0] / 2) & (frequency <= edges[-1]), gain, 0.0)
    taps = np.roll(np.fft.irfft(gain), _TAPS // 2) * np.hanning(_TAPS)
    return np.asarray(np.fft.rfft(taps, 2 * _CHUNK))
