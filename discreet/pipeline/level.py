"""Quiet speech: what is said far from the microphone is raised until a recogniser can hear it.

Whoever turns up the volume in a pause hears it, so it has to be looked at like all else. Only what listens gets the
raised sound; nothing of it is ever written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import maximum_filter1d

from timeline import FloatArray, Progress, SameTimes

QUIET = 0.01
"""RMS below which sound is raised (-40 dB): nobody who speaks into a microphone is as quiet."""
RAISED = 0.05
"""RMS that it is raised to (-26 dB)."""
MOST = 300.0
"""Greatest gain (50 dB)."""
NOTHING = 3e-5
"""RMS below which there is nothing to be raised but the steps of 16-bit samples (-90 dB)."""
OFFSET = 1e-3
"""Least direct current that is taken away (-60 dB)."""
_FRAME = 0.05
_AROUND = 0.5
"""Seconds on both sides within which nothing may be louder than :data:`QUIET`: the ear is deaf there, too."""


@dataclass(frozen=True, slots=True)
class Normalised(SameTimes):
    """``audio`` with all quiet stretches made louder."""

    def blocks(self, seconds: float = 10.0) -> Iterator[FloatArray]:
        """A new pass."""
        for block in self.audio.blocks(seconds):
            yield normalised(block, self.sample_rate)


def normalised(block: FloatArray, rate: int) -> FloatArray:
    """The block ``[n]`` with its quiet stretches made louder; the same array where there are none."""
    block = _without_offset(block, rate)
    size = max(1, round(_FRAME * rate))
    count = -(-len(block) // size)
    if not count:
        return block
    power = np.add.reduceat(np.square(block, dtype=np.float64), np.arange(0, len(block), size))
    sizes = np.diff(np.append(np.arange(0, len(block), size), len(block)))
    level = np.sqrt(power / sizes)
    loudest = maximum_filter1d(level, 2 * round(_AROUND / _FRAME) + 1, mode="nearest")
    quiet = (loudest < QUIET) & (loudest > NOTHING)
    if not quiet.any():
        return block
    gain = np.where(quiet, np.clip(RAISED / np.maximum(loudest, 1e-9), 1.0, MOST), 1.0)
    at = (np.arange(count) + 0.5) * size
    return (block * np.interp(np.arange(len(block)), at, gain)).astype(np.float32)


def _without_offset(block: FloatArray, rate: int) -> FloatArray:
    """The block without direct current, where that is most of its power: quiet speech would pass for loud."""
    mean = float(block.mean(dtype=np.float64)) if len(block) >= rate else 0.0
    if abs(mean) < OFFSET or mean * mean < 0.5 * float(np.mean(np.square(block, dtype=np.float64))):
        return block
    return np.asarray(block - np.float32(mean), np.float32)


@dataclass(frozen=True, slots=True)
class WithProgress(SameTimes):
    """Sound that says how far it was read."""

    progress: Progress

    def blocks(self, seconds: float = 10.0) -> Iterator[FloatArray]:
        """A new pass."""
        done = 0
        for block in self.audio.blocks(seconds):
            yield block
            done += len(block)
            self.progress(min(1.0, done / self.sample_rate / max(self.duration, 1e-9)))
