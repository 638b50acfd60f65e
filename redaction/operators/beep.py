"""A beep in place of a private word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from redaction.operators.base import coverage, fade
from timeline import FloatArray, Segment


@dataclass(frozen=True)
class Beep:
    """Replaces speech by a sine of ``hz`` Hz and RMS ``level``, with fades of ``fade`` s outside the span."""

    hz: float = 1000.0
    level: float = 0.06
    fade: float = 0.008

    def apply(self, block: FloatArray, start: float, rate: int, spans: Sequence[Segment]) -> FloatArray:
        """See :meth:`Operator.apply`."""
        index = round(start * rate)
        cover = coverage(index, len(block), rate, spans, self.fade)
        if cover is None:
            return block
        # The phase repeats each second if the frequency is whole; taking it modulo 1 keeps the sine exact after hours.
        seconds = (index + np.arange(len(block))) / rate
        phase = 2 * np.pi * np.mod(self.hz * seconds, 1.0)
        return fade(block, cover, self.level * np.sqrt(2.0) * np.sin(phase))
