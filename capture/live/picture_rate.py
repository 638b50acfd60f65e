"""Recording fewer pictures, evenly spaced, while the machine does not keep up with all of them."""

from __future__ import annotations

import math

from capture.live.settings import CALM, HOLD, LEAST_FPS, MOST_CALM, SLOWEST, STEP_SECONDS


class PictureRate:
    """Decides whether every picture of the camera is recorded, every second, or every fourth.

    It steps down when the recording is late, and again if that did not help; it steps up after a while without delay.
    That while doubles each time it turns out to have been too short. Use it from one thread.

    Args:
        fps: pictures a second that the camera gives; 0 if there is no camera.

    Attributes:
        every: record one of so many pictures.
    """

    def __init__(self, fps: float) -> None:
        self.every = 1
        self._most = max((n for n in (1, 2, SLOWEST) if fps / n >= LEAST_FPS), default=1)
        self._calm = CALM
        self._late_since = math.inf
        self._late_until = 0.0
        self._changed = self._raised = -math.inf

    def look(self, elapsed: float, late: bool) -> int:
        """Take in whether the recording is late at second ``elapsed``; what ``every`` is from now on."""
        if late:
            self._late_since = min(self._late_since, elapsed)
            self._late_until = elapsed
            due = max(self._late_since + HOLD, self._changed + STEP_SECONDS)
            if self.every < self._most and elapsed >= due:
                if elapsed - self._raised < self._calm:
                    self._calm = min(2 * self._calm, MOST_CALM)
                self.every, self._changed = self.every * 2, elapsed
            return self.every
        self._late_since = math.inf
        if self.every > 1 and elapsed - max(self._late_until, self._changed) >= self._calm:
            self.every, self._changed, self._raised = self.every // 2, elapsed, elapsed
        return self.every
