"""What people decided about a result: ``decisions.json``, schema ``discreet/decisions/1``.

The file lies beside the results and never changes them: ``discreet process --decisions FILE`` makes them again. Times
are seconds of the safe recording. The file holds spans of private words, never the words themselves, and names its
recording by ``provenance.source`` of the results, a keyed hash that only the owner can work out. ``base`` is a
fingerprint of the results that the decisions are about: ids and times mean nothing in any others.

The history only grows. Undo and redo are entries of their own, so that the file tells who took back what, and nothing
is lost when it is read again.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, model_validator

from discreet.review.decision_kinds import AnyDecision, Decision, Id, Redo, Undo
from timeline import Document, Label

MOST_ENTRIES = 20_000


class Entry(Document):
    """One decision: which, whose, when."""

    id: Id
    author: Label = Field(description="who decided")
    at: AwareDatetime
    decision: AnyDecision


class Decisions(Document):
    """The whole file; its values never change, every change gives a new one.

    Raises:
        ValueError: an id is used twice, or an undo or redo does not fit what comes before it.
    """

    schema_: Literal["discreet/decisions/1"] = Field("discreet/decisions/1", alias="schema")
    source: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="provenance.source of the results")]
    base: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$", description="fingerprint of the results without decisions")]
    second_reviewer: bool = Field(False, description="whether another person has to confirm before it is published")
    entries: tuple[Entry, ...] = Field((), max_length=MOST_ENTRIES)

    @model_validator(mode="after")
    def _history_holds(self) -> Decisions:
        ids: set[str] = set()
        standing: dict[str, bool] = {}
        for entry in self.entries:
            decision = entry.decision
            if entry.id in ids:
                raise ValueError(f"entry {entry.id} is listed twice")
            ids.add(entry.id)
            if not isinstance(decision, Undo | Redo):
                standing[entry.id] = True
            elif standing.get(decision.entry) is isinstance(decision, Undo):
                standing[decision.entry] = isinstance(decision, Redo)
            else:
                raise ValueError(f"entry {entry.id}: there is nothing to {decision.kind}")
        return self

    def standing(self) -> tuple[Entry, ...]:
        """The decisions that count, oldest first."""
        undone: set[str] = set()
        for entry in self.entries:
            if isinstance(entry.decision, Undo):
                undone.add(entry.decision.entry)
            elif isinstance(entry.decision, Redo):
                undone.discard(entry.decision.entry)
        return tuple(e for e in self.entries if e.id not in undone and not isinstance(e.decision, Undo | Redo))

    def with_decision(self, decision: Decision | Undo | Redo, author: str, at: dt.datetime | None = None) -> Decisions:
        """The same with one more entry.

        Args:
            decision: any.
            author: who decides.
            at: when; now unless given.

        Raises:
            ValueError: it does not fit the history, or the file is full.
        """
        entry = Entry(
            id=f"d{len(self.entries) + 1}",
            author=author,
            at=at or dt.datetime.now(dt.UTC).replace(microsecond=0),
            decision=decision,
        )
        return Decisions(
            source=self.source, base=self.base, second_reviewer=self.second_reviewer, entries=(*self.entries, entry)
        )

    def with_second_reviewer(self) -> Decisions:
        """The same, which another person has to confirm."""
        return self.model_copy(update={"second_reviewer": True})

    def undoable(self) -> str | None:
        """The id of the decision that undo takes back: the latest that counts; None: there is none."""
        standing = self.standing()
        return standing[-1].id if standing else None

    def redoable(self) -> str | None:
        """The id of the decision that redo brings back: the last that was undone since the last new one; or None."""
        undone: list[str] = []
        for entry in self.entries:
            if isinstance(entry.decision, Undo):
                undone.append(entry.decision.entry)
            elif isinstance(entry.decision, Redo):
                undone = [id for id in undone if id != entry.decision.entry]
            else:
                undone = []
        return undone[-1] if undone else None

    def undo(self, author: str, at: dt.datetime | None = None) -> Decisions:
        """The same with the latest decision taken back; itself where there is none."""
        id = self.undoable()
        return self if id is None else self.with_decision(Undo(entry=id), author, at)

    def redo(self, author: str, at: dt.datetime | None = None) -> Decisions:
        """The same with what was undone last brought back; itself where there is nothing."""
        id = self.redoable()
        return self if id is None else self.with_decision(Redo(entry=id), author, at)

    def to_json(self) -> str:
        """The file's text: one line an entry."""
        head = self.model_dump_json(by_alias=True, exclude={"entries"})[:-1]
        rows = ",\n  ".join(entry.model_dump_json(exclude_none=True) for entry in self.entries)
        return f'{head},"entries":[\n  {rows}\n]}}\n' if rows else f'{head},"entries":[]}}\n'
