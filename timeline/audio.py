"""Sound as the rooms take it: mono float32 blocks at one sample rate, readable from the start as often as needed.

A recording of hours does not fit in memory, so no room asks for "the samples": it asks for a pass over consecutive
blocks and keeps what it needs. :class:`ArrayAudio` serves short clips and tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]

BLOCK_SECONDS = 10.0
"""Seconds of sound that are read at once: 640 kB at 16 kHz, whatever the length of the recording."""


@runtime_checkable
class Audio(Protocol):
    """Mono sound that can be read in one pass, any number of times."""

    @property
    def sample_rate(self) -> int:
        """Samples per second."""
        ...

    @property
    def duration(self) -> float:
        """Length in seconds."""
        ...

    def blocks(self, seconds: float = BLOCK_SECONDS) -> Iterator[FloatArray]:
        """Yield a new pass from the start: arrays ``[n]`` in -1..1 of ``seconds`` each, the last one shorter."""
        ...


@dataclass(frozen=True, slots=True)
class ArrayAudio:
    """Sound in memory: samples ``[n]`` in -1..1."""

    samples: FloatArray
    sample_rate: int = 16000

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.sample_rate

    def blocks(self, seconds: float = BLOCK_SECONDS) -> Iterator[FloatArray]:
        """Yield consecutive views of ``seconds`` each, the last one shorter."""
        step = max(1, round(seconds * self.sample_rate))
        for at in range(0, len(self.samples), step):
            yield self.samples[at : at + step]


@dataclass(frozen=True, slots=True)
class SameTimes:
    """Base class for sound made from ``audio`` block by block, with the same times."""

    audio: Audio

    @property
    def sample_rate(self) -> int:
        """Samples per second."""
        return self.audio.sample_rate

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return self.audio.duration


def windows(audio: Audio, length: float, step: float) -> Iterator[tuple[float, FloatArray]]:
    """Yield overlapping windows over ``audio``, in constant memory.

    Each is ``(start, samples)``: the start in seconds and float32 ``[round(length * rate)]``. The last window that
    holds new sound is padded with zeros; sound shorter than ``length`` gives one window.

    Raises:
        ValueError: unless ``0 < step <= length``.
    """
    if not 0 < step <= length:
        raise ValueError(f"step {step} must lie in (0, {length}]")
    size, hop = round(length * audio.sample_rate), round(step * audio.sample_rate)
    buffer = np.zeros(0, np.float32)
    at = covered = 0
    for block in audio.blocks():
        buffer = np.concatenate([buffer, block])
        while len(buffer) >= size:
            yield at / audio.sample_rate, buffer[:size].copy()
            covered = at + size
            buffer, at = buffer[hop:], at + hop
    if len(buffer) and at + len(buffer) > covered:
        yield at / audio.sample_rate, np.pad(buffer, (0, size - len(buffer)))
