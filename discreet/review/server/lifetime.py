"""When a review ends: when the page is closed, or when nobody has done anything for a while."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

GRACE = 5.0
"""Seconds without a page until the server ends: reloading takes less."""
FIRST = 120.0
"""Seconds that a browser may take to open the page."""


async def _nothing() -> None:
    """There is nothing to be ended."""


class Lifetime:
    """Counts the open pages and the time since somebody last did something.

    A page holds one connection open as long as it is shown, also in a tab in the background, where timers hardly run.

    Args:
        clock: seconds, never going back.
        idle: seconds without a decision, a jump or any other request after which the review ends.

    Attributes:
        working: whether something is worked on that must not be broken off.
        ending: ends that, where the review is stopped all the same.
    """

    def __init__(self, clock: Callable[[], float], idle: float) -> None:
        self._clock, self._idle = clock, idle
        self._pages = 0
        self._used = self._left = clock()
        self._seen = self._ended = False
        self.working: Callable[[], bool] = lambda: False
        self.ending: Callable[[], Awaitable[None]] = _nothing

    def opened(self) -> None:
        """A page holds its connection open."""
        self._pages += 1
        self._seen = True
        self.used()

    def closed(self) -> None:
        """The connection of a page is gone."""
        self._pages -= 1
        self._left = self._clock()

    def used(self) -> None:
        """Somebody did something."""
        self._used = self._clock()

    def end(self) -> None:
        """End the review."""
        self._ended = True

    @property
    def over(self) -> str | None:
        """Why the review is over; None while it goes on."""
        if self._ended:
            return "it was stopped"
        now = self._clock()
        if self.working():
            self._used = self._left = now
            return None
        if self._pages == 0 and now - self._left >= (GRACE if self._seen else FIRST):
            return "the page was closed" if self._seen else "no browser opened the page"
        if now - self._used >= self._idle:
            return "nothing was done for a while"
        return None
