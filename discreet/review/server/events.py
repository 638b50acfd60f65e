"""What the server tells an open page: one connection that stays open as long as the page is shown."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from discreet.review.server.lifetime import Lifetime

PULSE = 2.0
"""Seconds between signs of life: a page that is gone is noticed when one cannot be sent."""
MOST_PAGES = 8
"""Pages that may be open at once."""
MOST_WAITING = 256
"""Messages that may wait for a page that does not read."""


class Events:
    """Hands messages to every open page.

    Args:
        lifetime: is told when a page comes and goes.
    """

    def __init__(self, lifetime: Lifetime) -> None:
        self.lifetime = lifetime
        self._pages: set[asyncio.Queue[str]] = set()

    @property
    def full(self) -> bool:
        """Whether no more pages may be opened."""
        return len(self._pages) >= MOST_PAGES

    def tell(self, kind: str, **facts: Any) -> None:
        """Send a message to every page; one that reads nothing misses it."""
        for page in self._pages:
            if page.qsize() < MOST_WAITING:
                page.put_nowait(f"event: {kind}\ndata: {json.dumps(facts)}\n\n")

    async def stream(self) -> AsyncIterator[str]:
        """The messages to one page, as an event stream, until it is gone."""
        queue: asyncio.Queue[str] = asyncio.Queue()
        self._pages.add(queue)
        self.lifetime.opened()
        try:
            yield ": open\n\n"
            while True:
                try:
                    yield await asyncio.wait_for(queue.get(), PULSE)
                except TimeoutError:
                    yield ": alive\n\n"
        finally:
            self._pages.discard(queue)
            self.lifetime.closed()
