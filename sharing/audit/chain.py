"""The lines of the audit log, and the keyed hash that chains each to the one before."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from typing import Literal

from pydantic import AwareDatetime, Field

from timeline import Document

GENESIS = bytes(32)
"""The first line is chained to this."""
Outcome = Literal["allowed", "refused", "done", "failed"]


class Event(Document):
    """Something that is logged. It identifies people and files by ids, never by a name, a word or a path.

    Attributes:
        actor: who asked: the id of a user or a program.
        role: the actor's role, as the governance file names it; empty if roles play no part.
        action: what was asked for, such as "read", "export", "revoke" or "policy.change".
        subject: what it was about: the id of an export, a recording or a person.
        purpose: the stated purpose; empty if none is needed.
        outcome: the result.
        detail: more facts, by name; ids, counts and reasons only.
    """

    actor: str = Field(min_length=1, max_length=200)
    role: str = Field("", max_length=200)
    action: str = Field(min_length=1, max_length=100)
    subject: str = Field("", max_length=500)
    purpose: str = Field("", max_length=200)
    outcome: Outcome = "done"
    detail: dict[str, str | int | float | bool] = Field(default_factory=dict)


class Entry(Event):
    """A line of the log: an event with its number (from 1, without gaps) and the time it was written, in UTC."""

    number: int = Field(ge=1)
    at: AwareDatetime

    @classmethod
    def of(cls, event: Event, number: int, at: dt.datetime) -> Entry:
        """The line for ``event``. Raises ValueError if ``at`` has no time zone."""
        return cls(**event.model_dump(), number=number, at=at.astimezone(dt.UTC))

    def canonical(self) -> bytes:
        """This line's only form as bytes: JSON with sorted keys and no spaces, in UTF-8."""
        return json.dumps(
            self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
        ).encode()


def seal(key: bytes, line: bytes) -> bytes:
    """The seal of a single line: HMAC-SHA256 of its bytes. It shows which line was changed.

    Args:
        key: the secret of the log; nobody without it can write or change a line.
        line: the bytes of the line, see :meth:`Entry.canonical`.
    """
    return hmac.new(key, b"line" + line, hashlib.sha256).digest()


def link(key: bytes, before: bytes, line: bytes) -> bytes:
    """The hash of a line in its place: HMAC-SHA256 of the previous line's hash and the line's own bytes.

    Args:
        key: as for :func:`seal`.
        before: 32 bytes, the hash of the previous line; :data:`GENESIS` for the first.
        line: as for :func:`seal`.
    """
    return hmac.new(key, b"link" + before + line, hashlib.sha256).digest()
