"""Problems of photos and clips, and their remedies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from timeline import PeopleError


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with one file.

    Attributes:
        source: the file, as the user named it.
        code: for programs, such as "no-face"; docs/reference/enrolment-checks.md lists them.
        message: what is wrong.
        remedy: what to do.
    """

    source: str
    code: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.source}: {self.message}; {self.remedy}"


class EnrolmentError(PeopleError):
    """Nobody was enrolled. ``problems`` says what is wrong with each file."""

    def __init__(self, message: str, remedy: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message, remedy)
        self.problems = tuple(problems)
