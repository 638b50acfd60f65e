"""Amplifies quiet speech, said far from the microphone, until a recogniser can hear it.

Anybody who turns up the volume in a pause can hear it, so it must be checked like everything else. Only the analysis
gets the amplified sound; it is never written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from discreet.pipeline.hum import HUM_CONTEXT, NO_SOUND, with_neighbours, without_hum
from timeline import FloatArray, Progress, SameTimes

QUIET = 0.01
"""RMS below which sound is amplified (-40 dB): nobody who speaks into a microphone is this quiet."""
RAISED = 0.05
"""RMS that it is amplified to (-26 dB)."""
MOST = 300.0
"""Greatest gain (50 dB)."""
NOTHING = 3e-5
"""RMS below which there is only the quantisation noise of 16-bit samples (-90 dB)."""
OFFSET = 1e-3
"""Least DC offset that is removed (-60 dB)."""
_FRAME = 0.05
_AROUND = 0.5
"""Seconds on both sides in which nothing may be louder than :data:`QUIET`: a louder sound masks it for the ear."""


@dataclass(frozen=True, slots=True)
class Normalised(SameTimes):
    """``audio`` without hum and with all quiet stretches amplified."""

    def blocks(self, seconds: float = 10.0) -> Iterator[FloatArray]:
        """The blocks from the beginning."""
        edge = round(HUM_CONTEXT * self.sample_rate)
        for before, block, after in with_neighbours(self.audio.blocks(seconds), edge):
            yield normalised(block, self.sample_rate, before, after)


def normalised(block: FloatArray, rate: int, before: FloatArray = NO_SOUND, after: FloatArray = NO_SOUND) -> FloatArray:
    """The block ``[n]`` without hum and with its quiet stretches amplified; the same array if it has neither.

    Args:
        block: samples.
        rate: of them, Hz.
        before, after: the sound on both sides, so that a hum is taken out to the block's ends.
    """
    block = without_hum(_without_offset(block, rate), rate, before, after)
    size = max(1, round(_FRAME * rate))
    count = -(-len(block) // size)
    if not count:
        return block
    power = np.add.reduceat(np.square(block, dtype=np.float64), np.arange(0, len(block), size))
    sizes = np.diff(np.append(np.arange(0, len(block), size), len(block)))
    level = np.sqrt(power / sizes)
    from scipy.ndimage import maximum_filter1d  # slow to import

    loudest = maximum_filter1d(level, 2 * round(_AROUND / _FRAME) + 1, mode="nearest")
    quiet = (loudest < QUIET) & (loudest > NOTHING)
    if not quiet.any():
        return block
    gain = np.where(quiet, np.clip(RAISED / np.maximum(loudest, 1e-9), 1.0, MOST), 1.0)
    at = (np.arange(count) + 0.5) * size
    return (block * np.interp(np.arange(len(block)), at, gain)).astype(np.float32)


def _without_offset(block: FloatArray, rate: int) -> FloatArray:
    """The block without its DC offset if that is most of its power: otherwise quiet speech would count as loud."""
    mean = float(block.mean(dtype=np.float64)) if len(block) >= rate else 0.0
    if abs(mean) < OFFSET or mean * mean < 0.5 * float(np.mean(np.square(block, dtype=np.float64))):
        return block
    return np.asarray(block - np.float32(mean), np.float32)


@dataclass(frozen=True, slots=True)
class WithProgress(SameTimes):
    """Sound that reports how far it was read."""

    progress: Progress

    def blocks(self, seconds: float = 10.0) -> Iterator[FloatArray]:
        """The blocks from the beginning."""
        done = 0
        for block in self.audio.blocks(seconds):
            yield block
            done += len(block)
            self.progress(min(1.0, done / self.sample_rate / max(self.duration, 1e-9)))
