"""``recalls.json``: the signed list of recalled exports, and until when it is valid.

Somebody who passes on an old list hides newer recalls. So a list expires, and without a valid one no export passes
verification. A copy on a machine that is never connected cannot be reached by anybody.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any, Literal

from pydantic import AwareDatetime, ValidationError

from sharing.exports.ledger import ExportRecord
from sharing.exports.signing import Signer, opened
from timeline import Document, UnsafeError

KIND = "application/vnd.discreet.recalls+json"
FILE = "recalls.json"


class Recall(Document):
    """One recalled export: nobody may use it any more, and it must be destroyed."""

    export: str
    at: AwareDatetime
    reason: str


class RecallList(Document):
    """All recalls of a project at one time."""

    format: Literal[1] = 1
    issued: AwareDatetime
    fresh_until: AwareDatetime
    recalled: tuple[Recall, ...] = ()

    def reason(self, export: str) -> str | None:
        """Why an export was recalled; None if it was not."""
        return next((recall.reason for recall in self.recalled if recall.export == export), None)


def recall_list(records: Iterable[ExportRecord], now: dt.datetime, fresh_days: int) -> RecallList:
    """The list of all recalled exports in ``records``. Reasons say what happened, never to whom."""
    found = tuple(
        Recall(export=record.id, at=record.recalled, reason=record.reason) for record in records if record.recalled
    )
    return RecallList(issued=now, fresh_until=now + dt.timedelta(days=fresh_days), recalled=found)


def signed_recalls(recalls: RecallList, signer: Signer) -> str:
    """The list as it is published: JSON of a DSSE envelope."""
    return json.dumps(signer.sign(recalls.model_dump_json().encode(), KIND)) + "\n"


def read_recalls(text: str | bytes, key: bytes) -> RecallList:
    """Read a published list.

    Raises:
        UnsafeError: it is not one, or the owner of ``key`` did not sign it.
    """
    try:
        envelope: Any = json.loads(text)
        return RecallList.model_validate_json(opened(envelope, KIND, key))
    except (ValidationError, ValueError, RecursionError):
        raise UnsafeError("this is not a list of recalls", "get it from the sender's recalls address") from None
