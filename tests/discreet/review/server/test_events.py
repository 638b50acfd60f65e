"""The connection that an open page holds."""

from __future__ import annotations

import asyncio

from discreet.review.server.events import MOST_PAGES, MOST_WAITING, Events
from discreet.review.server.lifetime import GRACE, Lifetime


class Time:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_page_is_told_what_happens_in_order() -> None:
    async def run() -> list[str]:
        events = Events(Lifetime(Time(), 60.0))
        stream = events.stream()
        first = await anext(stream)
        events.tell("progress", done=0.5)
        events.tell("done")
        return [first, await anext(stream), await anext(stream)]

    assert asyncio.run(run()) == [": open\n\n", 'event: progress\ndata: {"done": 0.5}\n\n', "event: done\ndata: {}\n\n"]


def test_a_page_counts_as_open_until_its_connection_ends() -> None:
    async def run() -> tuple[str | None, str | None]:
        time = Time()
        life = Lifetime(time, 1e9)
        stream = Events(life).stream()
        await anext(stream)
        time.now = 1000.0
        open_still = life.over
        await stream.aclose()  # type: ignore[attr-defined]
        time.now += GRACE
        return open_still, life.over

    assert asyncio.run(run()) == (None, "the page was closed")


def test_a_page_that_does_not_read_costs_a_bounded_memory() -> None:
    async def run() -> int:
        events = Events(Lifetime(Time(), 60.0))
        stream = events.stream()
        await anext(stream)
        for _ in range(3 * MOST_WAITING):
            events.tell("progress")
        (page,) = events._pages
        return page.qsize()

    assert asyncio.run(run()) == MOST_WAITING


def test_pages_are_few() -> None:
    async def run() -> bool:
        events = Events(Lifetime(Time(), 60.0))
        streams = [events.stream() for _ in range(MOST_PAGES)]
        for stream in streams:
            await anext(stream)
        return events.full

    assert asyncio.run(run())
