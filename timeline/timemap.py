"""Where every instant goes when stretches are cut out of a recording: one map for sound, picture and document."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from timeline.segment import Segment, union


class TimeMap:
    """The time of a recording from which ``cuts`` were taken out, the rest moved up.

    Args:
        cuts: stretches (s) that go; they are taken to the millisecond, outwards.
        gap: a rest between two cuts that is not longer goes with them (s).
    """

    def __init__(self, cuts: Iterable[Segment], gap: float = 0.0) -> None:
        # A nanosecond is the rounding of floats, not a wish.
        outwards = (
            Segment(float(np.floor(c.start * 1000 + 1e-6)) / 1000, float(np.ceil(c.end * 1000 - 1e-6)) / 1000)
            for c in cuts
        )
        self.cuts = union(outwards, gap)
        self._starts = [cut.start for cut in self.cuts]
        self._before = [0.0]
        for cut in self.cuts:
            self._before.append(self._before[-1] + cut.duration)

    def __bool__(self) -> bool:
        return bool(self.cuts)

    @property
    def removed(self) -> float:
        """Seconds that go."""
        return self._before[-1]

    def __call__(self, t: float) -> float:
        """Where the instant ``t`` (s) comes to lie; one inside a cut, where the cut was."""
        at = bisect_right(self._starts, t)
        if at == 0:
            return t
        cut = self.cuts[at - 1]
        return cut.start - self._before[at - 1] if t < cut.end else t - self._before[at]

    def keeps(self, t: float) -> bool:
        """Whether the instant ``t`` (s) is still there."""
        at = bisect_right(self._starts, t)
        return at == 0 or t >= self.cuts[at - 1].end

    def kept(self, start: float, end: float) -> float:
        """How many of the seconds from ``start`` to ``end`` are still there."""
        return self(end) - self(start)

    def samples(self, index: int, count: int, rate: int) -> npt.NDArray[np.bool_] | None:
        """Which of ``count`` samples from sample ``index`` on stay; None: all of them.

        However many cuts there are, what comes behind lies within a sample of where this map says. So the last sample
        of a cut may stay; whoever cuts sound silences the cut first, with fades, and no click is left either.
        """
        keep: npt.NDArray[np.bool_] | None = None
        # A meeting may have thousands of cuts: only those near the block are looked at.
        nearest = max(0, bisect_right(self._starts, index / rate) - 2)
        for number, cut in enumerate(self.cuts[nearest:], nearest):
            if cut.start * rate > index + count + 1:
                break
            first = int(np.floor(cut.start * rate))
            last = first + round(self._before[number + 1] * rate) - round(self._before[number] * rate)
            if last <= index or first >= index + count:
                continue
            if keep is None:
                keep = np.ones(count, np.bool_)
            keep[max(0, first - index) : max(0, last - index)] = False
        return keep
