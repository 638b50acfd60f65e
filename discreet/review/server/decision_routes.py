"""The routes that decide: each decision is written before it is answered, and the answer says what holds now."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from discreet.review.decision_kinds import Approve, Confirm, Decision
from discreet.review.decisions import Decisions
from discreet.review.decisions_file import DecisionsError, decide, decisions_of
from discreet.review.open_items import Item, attention, undecided
from discreet.review.publication import confirmed, digest_of, may_confirm
from discreet.review.rules import ReviewRules
from discreet.review.server.folder import ReviewFolder
from discreet.review.server.lifetime import Lifetime
from timeline import Redaction

LARGEST_BODY = 1 << 20
"""Bytes that a request may bring; one decision over ten thousand places has some 500 kB."""
DECISIONS: TypeAdapter[list[Decision]] = TypeAdapter(
    Annotated[list[Annotated[Decision, Field(discriminator="kind")]], Field(min_length=1, max_length=100)]
)
"""What one request may decide."""

FIXED = (
    "the sealed sound of this live recording is gone, so its results cannot be changed",
    "process the recording again, for example with --deny",
)
"""What is said where nothing can be made again, and what to do."""


async def body_of(request: Request) -> dict[str, Any]:
    """The JSON object that a request brings. Raises HTTPException: it is too large, or none."""
    data = b""
    async for part in request.stream():
        data += part
        if len(data) > LARGEST_BODY:
            raise HTTPException(413)
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise HTTPException(400)
    return value


@dataclass(frozen=True, slots=True)
class KeptResults:
    """What a run kept of its results.

    Attributes:
        leads: how far each shown face lies above the threshold, by track.
        made_with: which decisions are in the results, see :func:`discreet.review.publication.digest_of`.
    """

    leads: Mapping[str, float] = field(default_factory=dict)
    made_with: str = field(default_factory=lambda: digest_of(None))


@dataclass
class DecisionRoutes:
    """What may be decided about one result, by one reviewer.

    Attributes:
        folder: what is reviewed.
        ground: gives what decisions rest on, as it is now.
        reviewer: who decides.
        lifetime: is told of every decision.
        keep: gives what was kept of the results.
        published: whether the results are published as they are.
        busy: whether the results are being made again.
        fixed: whether nothing that changes the results can be decided: the sealed sound of a live recording is gone.
        kept: what was kept of the results.
    """

    folder: ReviewFolder
    ground: Callable[[], ReviewRules]
    reviewer: str
    lifetime: Lifetime
    keep: Callable[[], KeptResults] = lambda: KeptResults()
    published: Callable[[], bool] = lambda: False
    busy: Callable[[], bool] = lambda: False
    fixed: bool = False
    kept: KeptResults = field(init=False)
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self.renew()

    def routes(self) -> list[Route]:
        """The routes."""
        return [
            Route("/decisions", self.decisions),
            Route("/decide", self.decide, methods=["POST"]),
            Route("/undo", self.undo, methods=["POST"]),
            Route("/redo", self.redo, methods=["POST"]),
        ]

    def items(self) -> list[dict[str, Any]]:
        """What needs attention, for the page."""
        redactions = {redaction.id: redaction for redaction in self.folder.timeline.redactions}
        return [_item(item, redactions) for item in attention(self.folder.timeline, self.kept.leads)]

    async def decisions(self, request: Request) -> Response:
        """What was decided until now."""
        _, found = await run_in_threadpool(decisions_of, self.folder.path)
        return JSONResponse(self._state(found, await run_in_threadpool(self.published)))

    async def decide(self, request: Request) -> Response:
        """Add decisions: all of them, or none where one is refused."""
        value = await body_of(request)
        try:
            wanted = DECISIONS.validate_python(value.get("decisions"))
        except ValidationError as error:
            raise DecisionsError("this cannot be decided", error.errors()[0]["msg"]) from None

        def change(decisions: Decisions) -> Decisions:
            ground = self.ground()
            for decision in wanted:
                if isinstance(decision, Confirm):
                    self._check_confirmation(decisions)
                elif self.fixed and not isinstance(decision, Approve):
                    raise DecisionsError(*FIXED)
                else:
                    ground.allow(decision)
                decisions = decisions.with_decision(decision, self.reviewer)
            return decisions

        return await self._changed(change)

    async def undo(self, request: Request) -> Response:
        """Take the last decision back."""
        return await self._changed(lambda before: before.undo(self.reviewer))

    async def redo(self, request: Request) -> Response:
        """Bring back what was taken back last."""
        return await self._changed(lambda before: before.redo(self.reviewer))

    async def _changed(self, change: Callable[[Decisions], Decisions]) -> Response:
        self.lifetime.used()
        if self.busy():
            raise DecisionsError("the results are being made again", "wait until that is done")
        async with self._one:
            after = await run_in_threadpool(decide, self.folder.path, change)
        return JSONResponse(self._state(after))

    def _check_confirmation(self, before: Decisions) -> None:
        if not may_confirm(before.entries, self.reviewer):
            raise DecisionsError("the second reviewer must be another person", "let somebody else review")

    def renew(self) -> None:
        """There are new results: read what was kept of them."""
        self.kept = self.keep()

    def _state(self, decisions: Decisions, published: bool = False) -> dict[str, Any]:
        standing, wanted = decisions.standing(), not published and not confirmed(decisions)
        return {
            "entries": [entry.model_dump(mode="json", exclude_none=True) for entry in standing],
            "undecided": [item.id for item in undecided(self.folder.timeline, decisions, self.kept.leads)],
            "undo": decisions.undoable(),
            "redo": decisions.redoable(),
            "changed": not published and digest_of(decisions) != self.kept.made_with,
            "published": published,
            "confirm": wanted and may_confirm(decisions.entries, self.reviewer),
            "second": wanted and decisions.second_reviewer,
        }


def _item(item: Item, redactions: Mapping[str, Redaction]) -> dict[str, Any]:
    redaction = redactions.get(item.id)
    return {
        "id": item.id,
        "kind": item.kind,
        "start": item.start,
        "end": item.end,
        "risk": item.risk,
        "text": item.text,
        "person": item.person,
        # Only a word that was taken out can stand again, and a shown face be masked.
        "rejectable": item.kind == "face" or (redaction is not None and redaction.kind == "word"),
    }
