"""What is wrong with a text from outside, in one line, without the value, which may be private."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import ValidationError


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """``where``: the path of the key, such as ``faces.0.start``, empty for the whole; ``kind``: pydantic's name of the
    error; ``message``: what is wrong.
    """

    where: str
    kind: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


def first_problem(error: ValidationError, messages: Mapping[str, str] | None = None) -> FieldProblem:
    """The first problem. ``messages``: kind of problem -> what is said of it instead of pydantic's words."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    message = (messages or {}).get(first["type"], first["msg"].removeprefix("Value error, "))
    return FieldProblem(where, first["type"], message)
