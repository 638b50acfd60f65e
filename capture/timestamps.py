"""Repairing time stamps: those of containers and devices are often slightly wrong, sometimes badly.

Pure arithmetic, shared by the decoding child (file time) and the writer (file or device time).
"""

from __future__ import annotations

from capture.decoder.settings import JUMP_AHEAD, JUMP_BACK, SLACK


class FrameClock:
    """Makes picture times strictly increasing and never negative.

    Increasing times pass unchanged, so a variable frame rate is kept. A missing time becomes ``period`` after the one
    before. A time that repeats or steps back a little becomes ``step`` after the one before. A large jump counts as a
    restart of the clock, and all later times are shifted to continue from here.
    """

    def __init__(self, period: float, step: float = 0.001) -> None:
        self.period, self.step = period, step
        self._shift = 0.0
        self._last: float | None = None

    def __call__(self, t: float | None) -> float:
        """The repaired time of the next picture, seconds."""
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
    """Places blocks of sound on one continuous grid of samples, so that an index is a time.

    A difference of up to ``slack`` seconds between a block's time and the number of samples so far is rounding or
    jitter and is ignored; such differences cannot add up, because each block is compared with the grid's start. Beyond
    that, a gap is filled with silence and an overlap is cut. The first block's offset is applied exactly.
    """

    def __init__(self, rate: int, slack: float = SLACK) -> None:
        self.rate, self.slack = rate, slack
        self.at = 0
        self._shift = 0.0
        self._begun = False

    def place(self, start: float | None, samples: int) -> tuple[int, int]:
        """For ``samples`` samples at ``start`` seconds: ``(samples of silence to insert before, samples to cut in
        front)``.
        """
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
