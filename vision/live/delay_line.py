"""The delay line of live masking: pictures wait, so that what is found in later ones counts for them, too."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator

from vision.detection.base import Image
from vision.live.settings import SPARE_PICTURES, USUAL_FPS, WAITING_SHARE

_ROUNDING = 1e-6


class DelayLine:
    """Pictures leave in the order in which they came, ``latency`` seconds after their time.

    Memory stays bounded: if pictures come faster than expected, the oldest leave earlier.
    """

    def __init__(self, latency: float, fps: float) -> None:
        """Create a line whose bound is twice what ``fps`` pictures per second need; an unusable rate counts as 30."""
        self.latency = latency
        self.most = math.ceil(WAITING_SHARE * latency * (fps if math.isfinite(fps) and fps > 0 else USUAL_FPS))
        self.most += SPARE_PICTURES
        self.now = float("-inf")
        self._waiting: deque[tuple[float, Image]] = deque()

    def __len__(self) -> int:
        """The number of pictures that wait."""
        return len(self._waiting)

    @property
    def newest(self) -> tuple[float, Image]:
        """The picture that came last, with its time. Raises IndexError if none waits."""
        return self._waiting[-1]

    def add(self, t: float, picture: Image) -> None:
        """Let the picture at ``t`` (s) wait. Raises ValueError if ``t`` is not after the last one's time."""
        if not t > self.now:
            raise ValueError(f"picture at {t} s after one at {self.now} s")
        self.now = t
        self._waiting.append((t, picture))

    def due(self) -> Iterator[tuple[float, Image]]:
        """Take out the pictures that have waited long enough."""
        while self._waiting and (
            self.now - self._waiting[0][0] >= self.latency - _ROUNDING or len(self._waiting) > self.most
        ):
            yield self._waiting.popleft()

    def rest(self) -> Iterator[tuple[float, Image]]:
        """Take out all pictures that wait."""
        while self._waiting:
            yield self._waiting.popleft()
