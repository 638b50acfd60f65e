"""The kinds of decisions: what a person can say about a result. See ``discreet.review.decisions`` for the file."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from timeline import Document, Label, Seconds

MOST_SPANS = 10_000
"""Spans of one decision: what every occurrence of a word needs in a day of talk."""
MOST_ITEMS = 10_000

Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")]
Share = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]


def _printable(text: str) -> str:
    if not text.strip() or any(unicodedata.category(c)[0] in "CZ" and c != " " for c in text):
        raise ValueError("it is one line, without control characters")
    return text


Reason = Annotated[str, Field(max_length=500), AfterValidator(_printable)]
Spoken = Annotated[str, Field(max_length=80), AfterValidator(_printable)]
Entity = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,39}$")]


class Span(Document):
    """A stretch of time, s."""

    start: Seconds
    end: Seconds

    @model_validator(mode="after")
    def _lasts(self) -> Span:
        if self.end <= self.start:
            raise ValueError("it ends before it begins")
        return self


class Box(Document):
    """A region of the picture in shares of its width and height, from the top left."""

    x: Share
    y: Share
    width: Annotated[float, Field(gt=0.0, le=1.0, allow_inf_nan=False)]
    height: Annotated[float, Field(gt=0.0, le=1.0, allow_inf_nan=False)]


class Approve(Document):
    """These items are right as they are."""

    kind: Literal["approve"] = "approve"
    items: tuple[Id, ...] = Field(min_length=1, max_length=MOST_ITEMS)


class Reject(Document):
    """These redactions of words are wrong: what was said may stand."""

    kind: Literal["reject"] = "reject"
    items: tuple[Id, ...] = Field(min_length=1, max_length=MOST_ITEMS)
    reason: Reason


class Redact(Document):
    """Take out what is heard in these spans, in sound and text.

    Attributes:
        spans: over time or over words.
        every: wherever else the words in ``spans`` are said, too.
        words: whether ``spans`` are times of words, which get the margins of private words; else they are taken as
            they are.
        entity: the kind of private word, written as its placeholder.
        operator: what is heard instead.
    """

    kind: Literal["redact"] = "redact"
    spans: tuple[Span, ...] = Field(min_length=1, max_length=MOST_SPANS)
    every: bool = False
    words: bool = True
    entity: Entity = "ADDED"
    operator: Literal["beep", "silence"] = "beep"


class Mask(Span):
    """Mask a face (``track``) or a region (``box``) over time."""

    kind: Literal["mask"] = "mask"
    track: Id | None = None
    box: Box | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Mask:
        if (self.track is None) == (self.box is None):
            raise ValueError("it names either a track or a box")
        return self


class Show(Document):
    """Show the face of a track. Only of somebody enrolled who agrees to be seen."""

    kind: Literal["show"] = "show"
    track: Id
    person: Id = Field(description="id of the person in the results, whose face it is")


class Rename(Document):
    """Call somebody by another name: of somebody enrolled who agrees to be named; null: by the pseudonym."""

    kind: Literal["rename"] = "rename"
    person: Id
    name: Label | None = None


class Merge(Document):
    """Two people of the results are one: ``other`` becomes ``person``."""

    kind: Literal["merge"] = "merge"
    person: Id
    other: Id

    @model_validator(mode="after")
    def _two(self) -> Merge:
        if self.person == self.other:
            raise ValueError("it names one person twice")
        return self


class Move(Span):
    """What ``person`` says in this span is said by ``to``."""

    kind: Literal["move"] = "move"
    person: Id
    to: Id

    @model_validator(mode="after")
    def _two(self) -> Move:
        if self.person == self.to:
            raise ValueError("it names one person twice")
        return self


class Correct(Span):
    """The word of this span was misheard. ``text`` is what was said."""

    kind: Literal["correct"] = "correct"
    text: Spoken


class Answer(Document):
    """What somebody agrees to in this recording; null leaves an answer as it is."""

    kind: Literal["answer"] = "answer"
    person: Id
    seen: bool | None = None
    heard: bool | None = None
    quoted: bool | None = None
    named: bool | None = None

    @model_validator(mode="after")
    def _answers(self) -> Answer:
        if (self.seen, self.heard, self.quoted, self.named) == (None, None, None, None):
            raise ValueError("it answers nothing")
        return self


class Confirm(Document):
    """A second reviewer has seen all of this and agrees. Any later decision needs a new confirmation."""

    kind: Literal["confirm"] = "confirm"


class Undo(Document):
    """The decision ``entry`` does not count any more."""

    kind: Literal["undo"] = "undo"
    entry: Id


class Redo(Document):
    """The decision ``entry``, which was undone, counts again."""

    kind: Literal["redo"] = "redo"
    entry: Id


Decision = Approve | Reject | Redact | Mask | Show | Rename | Merge | Move | Correct | Answer | Confirm
AnyDecision = Annotated[Decision | Undo | Redo, Field(discriminator="kind")]
