"""Clock drift: measuring how fast a microphone's clock runs, and resampling its sound to the recorder's clock.

The crystal of a USB microphone is some tens of parts per million off; 100 ppm are 0.36 s after an hour. The times of
its blocks jitter by far more than that. So they pass through a delay-locked loop (F. Adriaensen, "Using a DLL to filter
time", 2005), whose bandwidth narrows as it learns, and the sound is resampled so that output sample ``k`` was heard
``k / rate`` seconds after the first.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from capture.live.settings import (
    JUMP,
    LOOP_NARROW,
    LOOP_WIDE,
    MOST_SPEED,
    RESAMPLE_PHASES,
    RESAMPLE_TAPS,
    RETURN_SECONDS,
    SETTLE_SECONDS,
)
from timeline import FloatArray


class ClockEstimate:
    """The microphone's clock seen from the recorder's: when its next sample will be heard, and how long a sample lasts.

    Args:
        rate: its nominal samples per second.
    """

    def __init__(self, rate: int) -> None:
        self._nominal = 1.0 / rate
        self.period = 1.0 / rate
        """Seconds on the recorder's clock that one of its samples lasts."""
        self.next = math.nan
        """The recorder's time of its next sample."""
        self._age = 0.0

    @property
    def ppm(self) -> float:
        """How much too fast its clock runs, parts per million."""
        return (self._nominal / self.period - 1.0) * 1e6

    def update(self, t: float, samples: int) -> float:
        """Take in a block of ``samples`` whose first was heard at about ``t``; return the gap before it (s)."""
        gap = 0.0
        if math.isnan(self.next):
            self.next = t
        error = t - self.next
        if abs(error) > JUMP:
            gap, self.next, error = error, t, 0.0
        length = samples * self.period
        settled = self._age - SETTLE_SECONDS
        bandwidth = max(LOOP_NARROW, LOOP_WIDE / (1.0 + settled)) if settled > 0 else 2.0 * LOOP_WIDE
        omega = min(0.5, 2.0 * math.pi * bandwidth * length)
        self.next += math.sqrt(2.0) * omega * error
        change = omega * omega * error / samples if settled > 0 else 0.0
        # a crystal is never off by a thousandth: what looks like that is lateness
        self.period = float(np.clip(self.period + change, self._nominal * 0.998, self._nominal * 1.002))
        self.next += samples * self.period
        self._age += length
        return gap


class Stretcher:
    """Resamples by ratios close to 1 that may change at every block: a windowed sinc, interpolated between phases."""

    def __init__(self) -> None:
        grid = (
            np.arange(-RESAMPLE_TAPS // 2 + 1, RESAMPLE_TAPS // 2 + 1)[None, :]
            - np.arange(RESAMPLE_PHASES + 1)[:, None] / RESAMPLE_PHASES
        )
        window = np.i0(8.0 * np.sqrt(np.clip(1.0 - (grid / (RESAMPLE_TAPS / 2)) ** 2, 0.0, 1.0))) / np.i0(8.0)
        table = np.sinc(grid) * window
        self._table = (table / table.sum(axis=1, keepdims=True)).astype(np.float32)
        self._held: FloatArray = np.zeros(RESAMPLE_TAPS // 2 - 1, np.float32)
        self._at = 0.0  # position of the next output sample in what is held (0: the first one with full history)

    def __call__(self, block: FloatArray, ratio: float) -> FloatArray:
        """Take ``[n]``; return about ``n * ratio`` samples, delayed by ``RESAMPLE_TAPS / 2`` input samples."""
        held = np.concatenate([self._held, block])
        usable = len(held) - RESAMPLE_TAPS + 1
        step = 1.0 / ratio
        count = max(0, math.ceil((usable - self._at) / step))
        where = self._at + step * np.arange(count)
        whole = np.floor(where).astype(np.int64)
        phase = (where - whole) * RESAMPLE_PHASES
        low = phase.astype(np.int64)
        part = (phase - low).astype(np.float32)[:, None]
        taps = self._table[low] * (1.0 - part) + self._table[low + 1] * part
        windows: npt.NDArray[np.float32] = (
            np.lib.stride_tricks.sliding_window_view(held, RESAMPLE_TAPS)[whole]
            if count
            else (np.zeros((0, RESAMPLE_TAPS), np.float32))
        )
        self._at += step * count - usable if usable > 0 else step * count
        self._held = held[max(0, usable) :].copy()
        out: FloatArray = np.einsum("ij,ij->i", windows, taps, dtype=np.float32)
        return out

    def flush(self, ratio: float) -> FloatArray:
        """The last samples."""
        return self(np.zeros(RESAMPLE_TAPS // 2, np.float32), ratio)


class DriftCorrector:
    """Takes blocks with jittering times and returns one continuous grid of samples on the recorder's clock.

    Args:
        rate: samples per second, the same in and out.

    Attributes:
        origin: the recorder's time of the first output sample; NaN before the first block.
        gaps: how often sound was missing and replaced by silence.
    """

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.clock = ClockEstimate(rate)
        self.origin = math.nan
        self.gaps = 0
        self._stretch = Stretcher()
        self._fed = 0.0  # samples on the recorder's clock that correspond to the sound taken in
        self._given = 0

    def __call__(self, t: float, block: FloatArray) -> FloatArray:
        """Take the block ``[n]`` heard from ``t`` on; return the samples that follow those returned before."""
        if not len(block):
            return block
        gap = self.clock.update(t, len(block))
        start = self.clock.next - len(block) * self.clock.period
        if math.isnan(self.origin):
            self.origin = start
        parts = []
        if gap > 0:
            silence = round(gap * self.rate)
            parts.append(self._stretch(np.zeros(silence, np.float32), 1.0))
            self._fed += silence
            self.gaps += 1
        behind = (start - self.origin) * self.rate - self._fed
        change = float(np.clip(behind / (RETURN_SECONDS * self.rate), -MOST_SPEED, MOST_SPEED))
        ratio = self.rate * self.clock.period * (1.0 + change)
        self._fed += len(block) * ratio
        parts.append(self._stretch(block, ratio))
        out = np.concatenate(parts) if len(parts) > 1 else parts[0]
        self._given += len(out)
        return out

    def flush(self) -> FloatArray:
        """The samples still held."""
        out = self._stretch.flush(1.0)[: max(0, round(self._fed) - self._given)]
        self._given += len(out)
        return out

    @property
    def error(self) -> float:
        """Seconds that the sound still lags behind the recorder's clock; it is being corrected."""
        if math.isnan(self.origin):
            return 0.0
        return self.clock.next - self.origin - self._fed / self.rate
