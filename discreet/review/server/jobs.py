"""Work that takes minutes, such as making the results again: one at a time, and the page is told how far it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool

from discreet.progress import Cancelled, Quiet
from discreet.review.server.events import Events
from timeline import DiscreetError, Progress, failure, log_error

STEP = 0.01
"""Share of a stage between two messages to the page."""


class PageUi(Quiet):
    """Tells the page what goes on. Stages run in threads; messages are sent from the server's.

    Args:
        tell: is given the title of a stage and the share that is done, in any thread.
    """

    def __init__(self, tell: Callable[[str, float], None]) -> None:
        super().__init__()
        self._tell = tell

    def stage(self, title: str) -> Progress:
        """Begin a stage."""
        listen, told = super().stage(title), -1.0

        def progress(done: float) -> None:
            nonlocal told
            listen(done)
            if done - told >= STEP or done >= 1.0:
                told = done
                self._tell(title, min(1.0, done))

        self._tell(title, 0.0)
        return progress


class Jobs:
    """Runs one piece of work at a time in a thread.

    Args:
        events: to the pages.
    """

    def __init__(self, events: Events) -> None:
        self._events = events
        self._running: asyncio.Task[None] | None = None
        self._ui: PageUi | None = None

    @property
    def busy(self) -> bool:
        """Whether something is worked on."""
        return self._running is not None and not self._running.done()

    def start(self, work: Callable[[PageUi], None], done: Callable[[], None]) -> bool:
        """Begin; False where something is worked on already.

        Args:
            work: takes minutes; runs in a thread.
            done: is called afterwards, in the server's thread.
        """
        if self.busy:
            return False
        loop = asyncio.get_running_loop()

        def tell(what: str, share: float) -> None:
            loop.call_soon_threadsafe(lambda: self._events.tell("progress", what=what, done=share))

        self._ui = PageUi(tell)
        self._running = asyncio.ensure_future(self._run(work, self._ui, done))
        return True

    async def _run(self, work: Callable[[PageUi], None], ui: PageUi, done: Callable[[], None]) -> None:
        try:
            await run_in_threadpool(work, ui)
            done()
        except (DiscreetError, Cancelled) as error:
            log_error("what the review page asked for ended with an error", error)
            remedy = getattr(error, "remedy", "")
            self._events.tell("failed", error=". ".join(part for part in (str(error), remedy) if part) or "stopped")
        except Exception as error:  # its text may be private
            log_error("what the review page asked for failed", error)
            self._events.tell("failed", error=failure("the run", error))
        else:
            self._events.tell("done")

    async def stop(self) -> None:
        """Let the work end at its next report, and wait for it."""
        if self._running is not None and self._ui is not None:
            self._ui.cancel()
            await asyncio.wait([self._running])
