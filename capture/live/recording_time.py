"""Which parts of the clock's time are recorded: recording begins once every source has begun, and can be paused."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass


@dataclass(slots=True)
class _Stretch:
    start: float
    end: float
    before: float  # seconds recorded before it


class RecordingTime:
    """Maps the clock's times to seconds of the recording. Thread-safe.

    Args:
        duration: seconds after which nothing more is recorded.
    """

    def __init__(self, duration: float = math.inf) -> None:
        self.duration = duration
        self._lock = threading.Lock()
        self._stretches: list[_Stretch] = []

    @property
    def begun(self) -> bool:
        """Whether recording has begun."""
        return bool(self._stretches)

    @property
    def paused(self) -> bool:
        """Whether it is paused or stopped."""
        return bool(self._stretches) and self._stretches[-1].end < math.inf

    def begin(self, t: float) -> None:
        """Record from ``t`` on, for the first time or again after :meth:`pause`."""
        with self._lock:
            if not self._stretches:
                self._stretches.append(_Stretch(t, math.inf, 0.0))
            elif (last := self._stretches[-1]).end < math.inf:
                self._stretches.append(_Stretch(max(t, last.end), math.inf, last.before + last.end - last.start))

    def pause(self, t: float) -> None:
        """Stop recording at ``t``."""
        with self._lock:
            if self._stretches and (last := self._stretches[-1]).end == math.inf:
                last.end = max(t, last.start)

    def recorded(self, t: float) -> float | None:
        """The second of the recording at ``t``; None if ``t`` is not recorded."""
        with self._lock:
            for stretch in reversed(self._stretches):
                if stretch.start <= t < self._until(stretch):
                    return min(self.duration, stretch.before + t - stretch.start)
            return None

    def elapsed(self, t: float) -> float:
        """Seconds recorded up to ``t``; does not grow during a pause."""
        with self._lock:
            for stretch in reversed(self._stretches):
                if stretch.start <= t:
                    return min(self.duration, stretch.before + min(t, stretch.end) - stretch.start)
            return 0.0

    def parts(self, start: float, end: float) -> list[tuple[float, float, float]]:
        """The recorded parts of ``start`` to ``end``: ``(start, end, second of the recording at its start)``."""
        out = []
        with self._lock:
            for stretch in self._stretches:
                left = max(start, stretch.start)
                right = min(end, self._until(stretch))
                if left < right:
                    out.append((left, right, stretch.before + left - stretch.start))
        return out

    def _until(self, stretch: _Stretch) -> float:
        """When a stretch ends.

        One formula for all callers: two that differ by rounding would leave a tiny gap between stretches.
        """
        return min(stretch.end, stretch.start + (self.duration - stretch.before))
