"""Work that takes minutes: one at a time, and the page hears of it."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable

from discreet.progress import Cancelled
from discreet.review.server.events import Events
from discreet.review.server.jobs import Jobs, PageUi
from discreet.review.server.lifetime import Lifetime
from timeline import InputError


def told(
    work: Callable[[PageUi], None], then: Callable[[Jobs], None] = lambda jobs: None
) -> list[tuple[str, dict[str, object]]]:
    """What a page hears while ``work`` is done."""

    async def run() -> list[tuple[str, dict[str, object]]]:
        events = Events(Lifetime(lambda: 0.0, 60.0))
        stream = events.stream()
        await anext(stream)
        jobs = Jobs(events)
        assert jobs.start(work, lambda: None)
        then(jobs)
        heard = []
        while not heard or heard[-1][0] == "progress":
            message = await anext(stream)
            if message.startswith("event"):
                kind, data = message.split("\n")[:2]
                heard.append((kind.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
        return heard

    return asyncio.run(run())


def test_the_page_hears_how_far_it_is_and_that_it_is_done() -> None:
    def work(ui: PageUi) -> None:
        progress = ui.stage("Faces")
        for n in range(1000):
            progress(n / 1000)
        progress(1.0)

    heard = told(work)
    assert heard[0] == ("progress", {"what": "Faces", "done": 0.0})
    assert heard[-2:] == [("progress", {"what": "Faces", "done": 1.0}), ("done", {})]
    assert 50 < len(heard) < 150, "a message a hundredth, not one a report"


def test_what_the_user_can_mend_is_said() -> None:
    def work(ui: PageUi) -> None:
        raise InputError("the recording is gone", "put it back")

    assert told(work) == [("failed", {"error": "the recording is gone. put it back"})]


def test_a_fault_tells_its_type_alone() -> None:
    def work(ui: PageUi) -> None:
        raise KeyError("Waldkirchen")

    ((kind, facts),) = told(work)
    assert kind == "failed"
    assert "KeyError" in str(facts)
    assert "Waldkirchen" not in str(facts)


def test_only_one_at_a_time() -> None:
    go = threading.Event()

    def second(jobs: Jobs) -> None:
        assert jobs.busy
        assert not jobs.start(lambda ui: None, lambda: None)
        go.set()

    assert told(lambda ui: bool(go.wait(10)) and None, second) == [("done", {})]


def test_stopping_ends_it_at_its_next_report() -> None:
    ended: list[bool] = []

    def work(ui: PageUi) -> None:
        progress = ui.stage("Faces")
        try:
            while True:
                progress(0.5)
        except Cancelled:
            ended.append(True)
            raise

    async def run() -> None:
        jobs = Jobs(Events(Lifetime(lambda: 0.0, 60.0)))
        jobs.start(work, lambda: None)
        await asyncio.sleep(0)
        await jobs.stop()
        assert not jobs.busy

    asyncio.run(run())
    assert ended == [True]
