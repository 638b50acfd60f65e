"""The routes that do more than decide: make the results again, publish, enrol, look behind a redaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from discreet.review.originals import Originals
from discreet.review.server.decision_routes import DecisionRoutes, body_of
from discreet.review.server.jobs import Jobs, PageUi
from registered import clean_name
from timeline import Document, InputError, OutputError


class EnrolRequest(Document):
    """Who of the recording is enrolled, under which name, and what they agreed to."""

    person: str = Field(max_length=80)
    name: str = Field(min_length=1, max_length=200)
    purpose: str = Field(min_length=1, max_length=200)
    consent: tuple[Literal["seen", "heard", "quoted", "named"], ...] = ()


class LookRequest(Document):
    """What is looked at behind a redaction, s."""

    start: float = Field(ge=0.0, allow_inf_nan=False)
    end: float = Field(ge=0.0, allow_inf_nan=False)


@dataclass(frozen=True)
class Offer:
    """What the page offers beside looking and listening; None: not for this result.

    Attributes:
        deciding: decisions about it.
        render: makes the results again; runs in a thread for minutes.
        publish: publishes the results, decided by the reviewer.
        enrol: enrols somebody of the recording.
        originals: what lies behind redactions.
    """

    deciding: DecisionRoutes | None = None
    render: Callable[[PageUi], None] | None = None
    publish: Callable[[], None] | None = None
    enrol: Callable[[EnrolRequest], None] | None = None
    originals: Originals | None = None

    def can(self) -> Mapping[str, bool]:
        """For the page: which of its buttons work; ``change`` is for all decisions that change the results."""
        names = {"decide": self.deciding, "render": self.render, "publish": self.publish, "enrol": self.enrol}
        can = {name: value is not None for name, value in {**names, "original": self.originals}.items()}
        return {**can, "change": self.deciding is not None and not self.deciding.fixed}


class ActionRoutes:
    """The routes.

    Args:
        offer: what is offered.
        jobs: runs what takes minutes.
        renewed: is called when there are new results.
    """

    def __init__(self, offer: Offer, jobs: Jobs, renewed: Callable[[], None]) -> None:
        self._offer, self._jobs, self._renewed = offer, jobs, renewed

    def routes(self) -> Sequence[Route]:
        """The routes of what is offered."""
        offered = {
            "/render": (self._offer.render, self.render),
            "/publish": (self._offer.publish, self.publish),
            "/enrol": (self._offer.enrol, self.enrol),
            "/original/sound": (self._offer.originals, self.sound),
            "/original/picture": (self._offer.originals, self.picture),
        }
        return [Route(path, do, methods=["POST"]) for path, (given, do) in offered.items() if given is not None]

    async def render(self, request: Request) -> Response:
        """Begin to make the results again."""
        assert self._offer.render is not None
        if not self._jobs.start(self._offer.render, self._renewed):
            raise OutputError("the results are being made again already", "wait until that is done")
        return JSONResponse({"started": True})

    async def publish(self, request: Request) -> Response:
        """Publish the results as they are."""
        assert self._offer.publish is not None
        assert self._offer.deciding is not None
        if self._jobs.busy:
            raise OutputError("the results are being made again", "wait until that is done")
        await run_in_threadpool(self._offer.publish)
        return await self._offer.deciding.decisions(request)

    async def enrol(self, request: Request) -> Response:
        """Enrol somebody from the recording."""
        assert self._offer.enrol is not None
        try:
            wanted = EnrolRequest.model_validate(await body_of(request))
        except ValidationError as error:
            raise InputError("this cannot be enrolled", error.errors()[0]["msg"]) from None
        await run_in_threadpool(self._offer.enrol, wanted.model_copy(update={"name": clean_name(wanted.name)}))
        return JSONResponse({"enrolled": True})

    async def sound(self, request: Request) -> Response:
        """What is heard in the original."""
        look = await _look(request)
        return await self._original(lambda found: found.sound(look.start, look.end), "audio/wav")

    async def picture(self, request: Request) -> Response:
        """What is seen in the original."""
        look = await _look(request)
        return await self._original(lambda found: found.picture(look.start), "image/jpeg")

    async def _original(self, read: Callable[[Originals], bytes], kind: str) -> Response:
        found: Any = self._offer.originals
        return Response(await run_in_threadpool(read, found), media_type=kind)


async def _look(request: Request) -> LookRequest:
    try:
        return LookRequest.model_validate(await body_of(request))
    except ValidationError as error:
        raise InputError("this cannot be shown", error.errors()[0]["msg"]) from None
