"""Another name in place of a private one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import gcd

import numpy as np

from redaction.operators.silence import Silence
from timeline import FloatArray, Segment

SURROGATE = "surrogate"
"""The operator's name."""
RATE = 24000
"""Samples per second of the synthetic voice."""


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """A surrogate, ready to be put into the sound.

    Attributes:
        start: s.
        samples: float32 ``[n]`` at :data:`RATE`, faded and at the level of what it replaces.
        text: what is said.
        made: sample rate -> the samples resampled to it.
    """

    start: float
    samples: FloatArray = field(repr=False)
    text: str
    made: dict[int, FloatArray] = field(default_factory=dict, repr=False)

    @property
    def end(self) -> float:
        """End, s."""
        return self.start + len(self.samples) / RATE

    def at(self, rate: int) -> tuple[int, FloatArray]:
        """The index of its first sample, and its samples, at ``rate`` samples per second."""
        if rate not in self.made:
            from scipy.signal import resample_poly

            shared = gcd(rate, RATE)
            out = resample_poly(self.samples, rate // shared, RATE // shared) if rate != RATE else self.samples
            self.made[rate] = np.asarray(out, np.float32)
        return round(self.start * rate), self.made[rate]


@dataclass(frozen=True)
class Surrogate(Silence):
    """Replaces a name by another one. ``clips``: what is said in place of each span.

    :func:`redaction.operators.kokoro.speak_surrogates` makes them.
    """

    clips: Sequence[Clip] = ()

    def apply(self, block: FloatArray, start: float, rate: int, spans: Sequence[Segment]) -> FloatArray:
        """See :meth:`Operator.apply`."""
        out = super().apply(block, start, rate, spans)
        index = round(start * rate)
        for clip in self.clips:
            if clip.start > start + len(block) / rate or clip.end < start:
                continue
            first, samples = clip.at(rate)
            low, high = max(first, index), min(first + len(samples), index + len(block))
            if low < high:
                out = out.copy() if out is block else out
                part = samples[low - first : high - first]
                out[low - index : high - index] += part[:, None] if out.ndim == 2 else part
        return out
