"""How busy the machine is with the voice, and when to take a cheaper or a better way."""

from __future__ import annotations

import math

from voice.live.settings import SMOOTHING, LiveVoiceSettings


class LoadWatch:
    """Watches the share of the time that converting takes.

    Args:
        settings: see :class:`LiveVoiceSettings`.
    """

    def __init__(self, settings: LiveVoiceSettings) -> None:
        self._settings = settings
        self.reset()

    def reset(self) -> None:
        """Forget the past: another way is used now."""
        self.load = 0.0
        self._seen = self._calm = 0.0

    def __call__(self, seconds: float, worked: float, late: float = 0.0) -> int:
        """What to do after a block: -1: a cheaper way, +1: a better one, 0: go on.

        Args:
            seconds: length of the block.
            worked: seconds that converting it took.
            late: seconds by which it came later than it should.
        """
        if seconds <= 0.0:
            return 0
        settings = self._settings
        keep = math.exp(-seconds / SMOOTHING)
        self.load = keep * self.load + (1.0 - keep) * worked / seconds
        self._seen += seconds
        self._calm = self._calm + seconds if self.load < settings.step_up and late <= 0.0 else 0.0
        # Being late counts at half of what is allowed, so that quality gives way before sound does.
        if (self._seen >= SMOOTHING and self.load > settings.step_down) or late > settings.most_late / 2:
            return -1
        return 1 if self._calm >= settings.calm else 0
