"""Publishing: nothing is passed on that somebody still has to look at, and the state of results is sealed.

``published.json`` beside the results says what they are: published, or recalled. It carries a keyed hash over itself,
so that only the owner's registry writes it, and hashes of the timeline and the decisions: results that were made again
or decided about since are not published any more.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, ValidationError

from discreet.results import TIMELINE
from discreet.review.decision_kinds import Approve, Confirm
from discreet.review.decisions import Decisions, Entry
from discreet.review.decisions_file import DECISIONS, DecisionsError, decisions_of
from discreet.review.open_items import undecided
from discreet.review.rerun_record import drop, leads_of, record_of
from registered import Registry, name_key
from timeline import Document, Folder, InputError, RefusedError, Timeline, open_file, write_error

PUBLISHED = "published.json"
State = Literal["processed", "reviewed", "published", "recalled"]
_MOST = 1 << 16
Hash = Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]


class Publication(Document):
    """What ``published.json`` holds."""

    schema_: Literal["discreet/published/1"] = Field("discreet/published/1", alias="schema")
    state: Literal["published", "recalled"]
    at: AwareDatetime
    reviewers: int = Field(ge=0, description="how many people decided; 0: there was nothing to decide")
    timeline: Hash = Field(description="SHA-256 of timeline.json")
    decisions: Hash = Field("", description="SHA-256 of decisions.json; empty without one")
    seal: Hash = Field("", description="keyed hash of all of this")

    def sealed(self, registry: Registry) -> Publication:
        """The same with its seal."""
        plain = self.model_copy(update={"seal": ""})
        text = plain.model_dump_json(by_alias=True).encode()
        return plain.model_copy(
            update={"seal": hmac.new(registry.secret("reviews/published"), text, hashlib.sha256).hexdigest()}
        )


def digest_of(decisions: Decisions | None) -> str:
    """What tells which decisions results were made with: those that change something, in order."""
    rows = (
        [] if decisions is None else [e for e in decisions.standing() if not isinstance(e.decision, Approve | Confirm)]
    )
    return hashlib.sha256("\n".join(row.decision.model_dump_json() for row in rows).encode()).hexdigest()


def publish(folder: Path, registry: Registry, *, second_reviewer: bool = False) -> Publication:
    """Mark the results in ``folder`` as published, and remove what was kept for their review.

    Args:
        folder: of results.
        registry: of the enrolled people; seals the state.
        second_reviewer: ask for a second reviewer even if the decisions file does not.

    Raises:
        InputError: there are no results in it.
        DecisionsError: the decisions cannot be read.
        RefusedError: something is undecided, a second reviewer is missing, or decisions are not in the results yet.
        OutputError: the state cannot be written.
    """
    timeline, decisions = decisions_of(folder)
    reason = why_not(timeline, decisions, registry, second_reviewer=second_reviewer)
    if reason is not None:
        raise reason
    reviewers = {name_key(entry.author) for entry in decisions.entries}
    done = _write(folder, registry, "published", len(reviewers))
    drop(registry, timeline)
    return done


def recall(folder: Path, registry: Registry) -> Publication:
    """Mark published results as recalled. Raises RefusedError unless they are published; else as :func:`publish`."""
    before = _read(folder, registry)
    if before is None or before.state != "published":
        raise RefusedError(f"{folder} is not published", "only what is published can be recalled")
    return _write(folder, registry, "recalled", before.reviewers)


def why_not(
    timeline: Timeline, decisions: Decisions, registry: Registry, *, second_reviewer: bool = False
) -> RefusedError | None:
    """Why results may not be published yet; None: they may.

    Args:
        timeline: of the results.
        decisions: about them.
        registry: holds what was kept of them.
        second_reviewer: whether a second reviewer is asked for even if the decisions do not.
    """
    left = undecided(timeline, decisions, leads_of(registry, timeline))
    if left:
        first = left[0]
        count = "1 item is undecided" if len(left) == 1 else f"{len(left)} items are undecided"
        return RefusedError(f"{count}; the riskiest at {first.start:.1f} s: {first.text}", "decide about them first")
    if (second_reviewer or decisions.second_reviewer) and not confirmed(decisions):
        return RefusedError(
            "a second reviewer has not confirmed these results", "let another person look at all of it and confirm"
        )
    if digest_of(decisions) != digest_of(None):
        record = record_of(registry, timeline)
        if record is None or record.decisions != digest_of(decisions):
            return RefusedError(
                "some decisions are not in the results yet", "run `discreet process RECORDING --decisions FILE`"
            )
    return None


def confirmed(decisions: Decisions) -> bool:
    """Whether somebody who decided nothing else had the last word and confirmed."""
    if not decisions.entries or not isinstance(decisions.entries[-1].decision, Confirm):
        return False
    *before, last = decisions.entries
    return may_confirm(before, last.author)


def may_confirm(entries: Sequence[Entry], reviewer: str) -> bool:
    """Whether a reviewer can be the second one: others decided what ``entries`` say, and the reviewer none of it."""
    others = {name_key(entry.author) for entry in entries if not isinstance(entry.decision, Confirm)}
    return bool(others) and name_key(reviewer) not in others


def state_of(folder: Path, registry: Registry) -> State:
    """What the results in ``folder`` are.

    ``reviewed``: nothing is undecided, and every decision is in the results. A state that was not sealed by this
    registry, or is about earlier results, does not count.

    Raises:
        InputError: there are no results in it.
    """
    publication = _read(folder, registry)
    if publication is not None:
        return publication.state
    try:
        timeline, decisions = decisions_of(folder)
    except DecisionsError:
        return "processed"
    looked_at = bool(decisions.entries) and why_not(timeline, decisions, registry) is None
    return "reviewed" if looked_at else "processed"


def _write(folder: Path, registry: Registry, state: Literal["published", "recalled"], reviewers: int) -> Publication:
    done = Publication(
        state=state,
        at=dt.datetime.now(dt.UTC).replace(microsecond=0),
        reviewers=reviewers,
        timeline=_hash(folder / TIMELINE),
        decisions=_hash(folder / DECISIONS),
    ).sealed(registry)
    try:
        with Folder(folder) as here:
            here.write(PUBLISHED, done.model_dump_json(by_alias=True, indent=1) + "\n")
    except OSError as error:
        raise write_error(folder / PUBLISHED, error) from None
    return done


def _read(folder: Path, registry: Registry) -> Publication | None:
    """The publication of just these results, sealed by just this registry; else None."""
    try:
        with os.fdopen(open_file(folder / PUBLISHED), "rb") as file:
            found = Publication.model_validate_json(file.read(_MOST))
    except (OSError, ValidationError):
        return None
    whole = hmac.compare_digest(found.seal, found.sealed(registry).seal)
    same = (found.timeline, found.decisions) == (_hash(folder / TIMELINE), _hash(folder / DECISIONS))
    return found if whole and same else None


def _hash(path: Path) -> str:
    """SHA-256 of a file; empty where there is none. Raises InputError if it is there and cannot be read."""
    try:
        with os.fdopen(open_file(path), "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", "check the folder") from None
