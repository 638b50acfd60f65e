"""The review file: the proposed redactions of a recording, for a person to approve, reject or extend.

It is TOML, written with mode 0600, and must come back complete: every finding must still be there with a decision, so
that a line lost in editing is an error and never leaves a word audible. It holds no private word unless requested.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from redaction import Clip
from redaction.operators import SURROGATE, SurrogateName, names_in
from timeline import (
    DiscreetError,
    ExitCode,
    Label,
    OutputError,
    Redaction,
    UnsafeError,
    Word,
    first_problem,
    parse_toml,
    read_text,
    write_file,
)

_HEAD = """\
# What was found private in a recording. Read it, change it, and give it back with
#   discreet redact RECORDING --apply THIS-FILE
# decision = "redact" takes the sound out; "keep" lets it stand. Times are seconds and may be changed.
# A find must not be deleted: what is to stand says so with "keep". To take out more, add at the end as often as needed:
#   [[add]]
#   start = 12.5
#   end = 13.0
# "says" is the name that is spoken instead; without it a surrogate is a beep.
"""
_WITH_WORDS = "# THIS FILE HOLDS PRIVATE WORDS, for that was asked for. Delete it when you are done.\n"


BEYOND = 0.5
"""Seconds by which a row may end after the recording: its end need not be known to the millisecond."""


SHORTEST = 0.02
"""Seconds below which a row takes out less than the shortest sound of a word."""
MOST_ROWS = 10_000
"""Most findings and additions in a review; a day of talk has a few thousand."""
MOST_BYTES = 16 << 20


class ReviewError(DiscreetError):
    """A review file cannot be read, or does not fit the recording."""

    exit_code = ExitCode.USAGE


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class _Span(_Row):
    start: Annotated[float, Field(ge=0.0, allow_inf_nan=False)]
    end: Annotated[float, Field(gt=0.0, allow_inf_nan=False)]

    @model_validator(mode="after")
    def _ends_after_start(self) -> _Span:
        if self.end <= self.start:
            raise ValueError("end is not after start")
        return self


class ReviewFind(_Span):
    """One finding and the decision on it."""

    id: Label
    decision: Literal["redact", "keep"]
    entity: Label
    operator: Label
    score: Annotated[float, Field(ge=0.0, le=1.0)] = 1.0
    reason: str = ""
    says: str | None = None
    said: str | None = None

    @model_validator(mode="after")
    def _can_be_said(self) -> ReviewFind:
        if self.says is not None and names_in(self.says) is None:
            raise ValueError("says holds a name that is not in the list of names that can be spoken")
        return self


class ReviewAdd(_Span):
    """Something that a person wants to redact as well."""

    entity: Label = "ADDED"
    operator: Label = "beep"
    said: str | None = None


class Review(_Row):
    """The whole file."""

    version: Literal["discreet/review/1"]
    recording: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the recording")]
    finds: Annotated[int, Field(ge=0, description="how many there are")]
    find: tuple[ReviewFind, ...] = ()
    add: tuple[ReviewAdd, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Review:
        if len(self.find) + len(self.add) > MOST_ROWS:
            raise ValueError(f"it has more than {MOST_ROWS} rows")
        if len({row.id for row in self.find}) != len(self.find):
            raise ValueError("a find is listed twice")
        if len(self.find) != self.finds:
            raise ValueError(
                f'{self.finds} were written and {len(self.find)} are left: what is to stand says decision = "keep"'
            )
        return self

    def check(self, path: Path, end: float, operators: Callable[[str], object]) -> None:
        """Refuse a row that claims to redact something but would not.

        Args:
            path: the file, for the message.
            end: where the sound of the recording ends, s.
            operators: returns the operator of a name; raises UnsafeError if there is none.

        Raises:
            ReviewError: there is such a row; it names the first.
        """
        rows: list[tuple[str, ReviewFind | ReviewAdd]] = [
            *((f"find {row.id}", row) for row in self.find if row.decision == "redact"),
            *((f"add {number}", row) for number, row in enumerate(self.add, 1)),
        ]
        for name, row in rows:
            why = ""
            if row.start >= end or row.end > end + BEYOND:
                why = f"lies behind the end of the recording ({end:.3f} s)"
            elif row.end - row.start < SHORTEST:
                why = f"is shorter than {SHORTEST * 1e3:.0f} ms"
            elif row.operator != SURROGATE:
                try:
                    operators(row.operator)
                except UnsafeError:
                    why = f"has no operator that takes out sound ({row.operator[:20]!r})"
            if why:
                raise ReviewError(f"review {path}: {name} {why}, so it would take nothing out", "correct that row")

    def redactions(self) -> list[Redaction]:
        """The redactions that the review asks for."""
        out = [
            _redaction(row, row.id, row.score, row.reason or "approved in a review")
            for row in self.find
            if row.decision == "redact"
        ]
        return out + [_redaction(row, f"added{n}", 1.0, "added in a review") for n, row in enumerate(self.add, 1)]

    def surrogates(self) -> dict[str, tuple[SurrogateName, ...]]:
        """Id of a finding -> the names spoken in its place, for approved surrogates."""
        rows = [row for row in self.find if row.decision == "redact" and row.operator == SURROGATE]
        return {row.id: names for row in rows if row.says is not None and (names := names_in(row.says))}


def _redaction(row: ReviewFind | ReviewAdd, id: str, score: float, reason: str) -> Redaction:
    return Redaction(
        id=id,
        kind="word",
        start=row.start,
        end=row.end,
        entity=row.entity,
        operator=row.operator,
        score=score,
        reason=reason,
    )


def review_text(
    sha256: str,
    redactions: Sequence[Redaction],
    said: Mapping[str, Sequence[Word]],
    *,
    words: bool,
    clips: Mapping[str, Clip] | None = None,
) -> str:
    """A review file in which everything is approved.

    Args:
        sha256: of the recording.
        redactions: what was found.
        said: redaction's id -> what was said there.
        words: whether the file holds these private words.
        clips: redaction's id -> the surrogate that is spoken there, which is no secret.
    """
    lines = [_HEAD + (_WITH_WORDS if words else "")]
    lines += [f'version = "discreet/review/1"\nrecording = "{sha256}"\nfinds = {len(redactions)}\n']
    for redaction in redactions:
        row: dict[str, object] = {
            "id": redaction.id,
            "decision": "redact",
            "start": redaction.start,
            "end": redaction.end,
            "entity": redaction.entity or "PRIVATE",
            "operator": redaction.operator,
            "score": redaction.score,
            "reason": redaction.reason,
        }
        if redaction.operator == SURROGATE and clips and redaction.id in clips:
            row["says"] = clips[redaction.id].text
        if words and (heard := said.get(redaction.id)):
            row["said"] = " ".join(word.text for word in heard)
        lines.append("[[find]]\n" + "".join(f"{key} = {_toml(value)}\n" for key, value in row.items()))
    return "\n".join(lines)


def _toml(value: object) -> str:
    # A JSON string is a TOML string, except for one control character that JSON does not escape.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def write_review(path: Path, text: str, *, overwrite: bool) -> None:
    """Write a review file that only its owner can read.

    Raises:
        OutputError: it already exists (unless ``overwrite``), or cannot be written.
    """
    if os.path.lexists(path) and not overwrite:
        raise OutputError(f"{path} already exists", "choose another name, or give --overwrite")
    write_file(path, text, private=True)


def read_review(path: Path, sha256: str) -> Review:
    """The review of the recording with that hash.

    Raises:
        ReviewError: it is not a review, was damaged in editing, or belongs to another recording.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ReviewError(
                f"review {path} is larger than {MOST_BYTES >> 20} MB", "make a new one with --dry-run --review FILE"
            )
        content = parse_toml(read_text(path, MOST_BYTES))
    except OSError as error:
        raise ReviewError(f"review {path} cannot be read: {error.strerror}", "check the path") from error
    except ValueError as error:
        raise ReviewError(f"review {path} is not TOML: {error}", "correct the line that it names") from None
    try:
        review = Review.model_validate(content)
    except ValidationError as error:
        raise ReviewError(
            f"review {path}: {first_problem(error)}", "correct it, or make a new one with --dry-run --review FILE"
        ) from None
    if review.recording != sha256:
        raise ReviewError(
            f"review {path} belongs to another recording, or to this one before it was changed",
            "make a new one with --dry-run --review FILE",
        )
    return review
