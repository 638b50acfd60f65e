"""The routes of the review page."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from capture import CaptureSettings
from discreet.review.server.access import REPORT, Access, Guard
from discreet.review.server.action_routes import ActionRoutes, Offer
from discreet.review.server.events import Events
from discreet.review.server.folder import TYPES, ReviewFolder
from discreet.review.server.jobs import Jobs
from discreet.review.server.lifetime import Lifetime
from discreet.review.server.view import view
from discreet.review.server.waveform import outline
from timeline import DiscreetError, failure, log_error, to_webvtt

PAGE = Path(__file__).resolve().parents[1] / "page"
"""The files of the page."""
KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
"""What the page is made of: nothing else is served from its folder."""


class ReadRoutes:
    """The routes that only read: the page, the document, the safe recording, its outline, events."""

    def __init__(self, folder: ReviewFolder, capture: CaptureSettings, events: Events, offer: Offer) -> None:
        self._folder, self._capture = folder, capture
        self._events, self._offer = events, offer
        self._outline: asyncio.Task[bytes] | None = None
        self._parts = {path.name: path.read_bytes() for path in PAGE.iterdir() if path.suffix in KINDS}
        self._document = self._written()
        self.reports = 0

    def routes(self) -> list[Route]:
        """The routes."""
        return [
            Route("/", self.index),
            Route("/page/{name}", self.part),
            Route("/document", self.document),
            Route("/captions", self.captions),
            Route("/recording", self.recording),
            Route("/outline", self.outline),
            Route("/events", self.events),
            Route("/used", self.used, methods=["POST"]),
            Route(f"/{REPORT}", self.report, methods=["POST"]),
        ]

    async def index(self, request: Request) -> Response:
        """The page."""
        return await self._file("index.html")

    async def part(self, request: Request) -> Response:
        """A file of the page."""
        return await self._file(request.path_params["name"])

    async def _file(self, name: str) -> Response:
        if name not in self._parts:
            raise HTTPException(404)
        return Response(self._parts[name], media_type=KINDS[Path(name).suffix])

    async def document(self, request: Request) -> Response:
        """What is shown, as JSON; what was decided is asked for at the same time."""
        self._events.lifetime.used()
        return Response(self._document, media_type="application/json")

    def _written(self) -> bytes:
        items = self._offer.deciding.items() if self._offer.deciding is not None else []
        facts = view(self._folder.timeline, items, self._offer.can())
        return json.dumps({"name": self._folder.path.resolve().name, **facts}, separators=(",", ":")).encode()

    async def captions(self, request: Request) -> Response:
        """The transcript as captions of the safe recording."""
        return Response(to_webvtt(self._folder.timeline), media_type="text/vtt; charset=utf-8")

    async def recording(self, request: Request) -> Response:
        """The safe recording, whole or in part."""
        self._events.lifetime.used()
        if self._folder.recording is None:
            raise HTTPException(404)
        return FileResponse(self._folder.recording, media_type=TYPES[self._folder.recording.suffix])

    async def outline(self, request: Request) -> Response:
        """The outline of the safe sound, read once."""
        if self._folder.recording is None:
            raise HTTPException(404)
        if self._outline is None:
            self._outline = asyncio.ensure_future(
                run_in_threadpool(partial(outline, self._folder.recording, self._capture))
            )
        return Response(await asyncio.shield(self._outline), media_type="application/octet-stream")

    def renew(self) -> None:
        """Show the results that were made just now. Raises InputError if they are not whole."""
        self._folder.renew()
        self._outline = None
        if self._offer.deciding is not None:
            self._offer.deciding.renew()
        self._document = self._written()

    async def events(self, request: Request) -> Response:
        """The connection that stays open."""
        if self._events.full:
            raise HTTPException(503)
        return StreamingResponse(self._events.stream(), media_type="text/event-stream")

    async def used(self, request: Request) -> Response:
        """Somebody watches or works on the page: a recording that is loaded already asks for nothing."""
        self._events.lifetime.used()
        return Response(status_code=204)

    async def report(self, request: Request) -> Response:
        """The browser kept something out. That is counted, and the tests want it to be none."""
        self.reports += 1
        return Response(status_code=204)


def application(
    folder: ReviewFolder,
    access: Access,
    lifetime: Lifetime,
    capture: CaptureSettings,
    log: Callable[[str], None],
    offer: Callable[[Lifetime], Offer] = lambda lifetime: Offer(),
) -> Guard:
    """Everything that is served, behind the guard.

    Args:
        folder: what is reviewed.
        access: what a request must look like.
        lifetime: is told of every use.
        capture: how the safe recording is read.
        log: is given one line a request.
        offer: makes what the page offers beside looking.
    """
    events, offered = Events(lifetime), offer(lifetime)
    reading, jobs = ReadRoutes(folder, capture, events, offered), Jobs(events)
    lifetime.working = lambda: jobs.busy
    lifetime.ending = jobs.stop
    routes = [*reading.routes(), *ActionRoutes(offered, jobs, reading.renew).routes()]
    if offered.deciding is None:
        routes.append(Route("/decisions", _nothing))
    else:
        offered.deciding.busy = lambda: jobs.busy
        routes += offered.deciding.routes()
    app = Starlette(
        routes=routes,
        exception_handlers={DiscreetError: _refused, Exception: _fault},
    )
    return Guard(app, access, log)


async def _nothing(request: Request) -> Response:
    """Nothing can be decided about these results."""
    return JSONResponse({})


async def _refused(request: Request, error: Exception) -> Response:
    """What the user can mend: the line and what to do."""
    facts: dict[str, Any] = {"error": str(error), "remedy": getattr(error, "remedy", "")}
    return JSONResponse(facts, status_code=422)


async def _fault(request: Request, error: Exception) -> Response:
    """A fault in the program: its type alone, for its text may be private."""
    log_error("a request of the review page failed", error)
    return JSONResponse({"error": failure("the request", error), "remedy": ""}, status_code=500)
