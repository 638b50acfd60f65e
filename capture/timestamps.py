"""Mending of timestamps: what containers and devices say about time is often a little wrong, sometimes very.

Pure arithmetic, shared by the decoding child (file time) and the writer (file or device time).
"""

from __future__ import annotations

JUMP_BACK = 0.3
"""Seconds: a step back of more than this is a new start of the clock, not a frame out of order."""

JUMP_AHEAD = 6 * 3600.0
"""Seconds: a step ahead of more than this is a broken clock, not a pause."""


class FrameClock:
    """Makes picture times strictly increasing and never negative.

    Times that increase pass unchanged, so a variable frame rate is kept. A time that is missing is ``period`` after
    the one before; one that repeats or steps back a little comes ``step`` after the one before; a large jump is
    taken as a new start of the clock, and all later times are shifted to go on from here.
    """

    def __init__(self, period: float, step: float = 0.001) -> None:
        self.period, self.step = period, step
        self._shift = 0.0
        self._last: float | None = None

    def __call__(self, t: float | None) -> float:
        """The mended time of the next picture, seconds."""
        last = self._last
        if last is None:
            out = max(0.0, t or 0.0)
        elif t is None:
            out = last + self.period
        else:
            out = t + self._shift
            if out < last - JUMP_BACK or out > last + JUMP_AHEAD:
                self._shift += last + self.period - out
                out = last + self.period
            elif out <= last:
                out = last + self.step
        self._last = out
        return out


class SampleGrid:
    """Places blocks of sound on one unbroken grid of samples, so that an index is a time.

    Differences of up to ``slack`` seconds between a block's time and the count of samples are rounding or jitter and
    are let be; they cannot add up, because each block is compared to the grid's start. Beyond it, a gap is to be
    filled with silence and an overlap to be cut off. The first block's offset is taken exactly.
    """

    def __init__(self, rate: int, slack: float = 0.02) -> None:
        self.rate, self.slack = rate, slack
        self.at = 0
        self._shift = 0.0
        self._begun = False

    def place(self, start: float | None, samples: int) -> tuple[int, int]:
        """For ``samples`` at ``start`` seconds: ``(silence to put before them, samples to cut off their front)``."""
        silence = skip = 0
        if start is not None:
            behind = start + self._shift - self.at / self.rate
            if self._begun and (behind < -JUMP_BACK or behind > JUMP_AHEAD):
                self._shift -= behind
                behind = 0.0
            if not self._begun or abs(behind) > self.slack:
                delta = round(behind * self.rate)
                silence, skip = max(0, delta), min(samples, max(0, -delta))
        self._begun = True
        self.at += silence + samples - skip
        return silence, skip
