"""Mapping times when stretches are cut out of a recording: one map for sound, picture and document."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from timeline.segment import Segment, union


class TimeMap:
    """The time of a recording from which ``cuts`` were removed and the rest moved up.

    Args:
        cuts: stretches (s) to remove, extended to whole milliseconds.
        gap: a rest of up to this length (s) between two cuts is removed, too.
    """

    def __init__(self, cuts: Iterable[Segment], gap: float = 0.0) -> None:
        # A nanosecond is a rounding error of floats, not intended.
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
        """Seconds removed."""
        return self._before[-1]

    def __call__(self, t: float) -> float:
        """The new time of the instant ``t`` (s); an instant inside a cut moves to where the cut was."""
        at = bisect_right(self._starts, t)
        if at == 0:
            return t
        cut = self.cuts[at - 1]
        return cut.start - self._before[at - 1] if t < cut.end else t - self._before[at]

    def keeps(self, t: float) -> bool:
        """Whether the instant ``t`` (s) remains."""
        at = bisect_right(self._starts, t)
        return at == 0 or t >= self.cuts[at - 1].end

    def kept(self, start: float, end: float) -> float:
        """Seconds from ``start`` to ``end`` that remain."""
        return self(end) - self(start)

    def samples(self, index: int, count: int, rate: int) -> npt.NDArray[np.bool_] | None:
        """Mask of the ``count`` samples from sample ``index`` on that remain; None: all of them.

        However many cuts there are, later samples lie within one sample of where this map puts them. So the last sample
        of a cut may remain; the caller silences cuts first, with fades, so there is no click.
        """
        keep: npt.NDArray[np.bool_] | None = None
        # A meeting may have thousands of cuts: look only at those near the block.
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
