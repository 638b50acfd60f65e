"""Folders of photos and voice clips as people: what ``discreet aavid`` and ``discreet people import`` share."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import typer
from rich.markup import escape

from discreet.cli.console import err

if TYPE_CHECKING:
    from discreet.aavid import Imported
    from registered import Answers, Consent

QUESTIONS = {
    "seen": "may the face be seen?",
    "heard": "may the own voice be heard?",
    "quoted": "may the words be written?",
    "named": "may the name be written?",
}


def asker(answers: str | None, purpose: str = "", expires: dt.date | None = None) -> Callable[[str], Consent] | None:
    """What asks for somebody's consent: the same ``answers`` for everybody, or the terminal; None without one."""
    from registered import Consent, parse_answers

    def granting(given: Answers) -> Consent:
        return Consent.granting(given, purpose=purpose, expires=expires)

    if answers is not None:
        given = parse_answers(answers)
        return lambda name: granting(given)
    if sys.stdin is not None and sys.stdin.isatty():
        return lambda name: granting(_ask(name))
    return None


def _ask(name: str) -> Answers:
    from registered import Answers

    err.print(f"[bold]{escape(name)}[/] is not enrolled. What did they say?")
    return Answers(**{key: typer.confirm(f"  {text}", default=False, err=True) for key, text in QUESTIONS.items()})


def print_imported(imported: Sequence[Imported]) -> None:
    """Say what became of everybody."""
    for one in imported:
        err.print(f"{escape(one.name)}: {one.faces} face and {one.voices} voice templates")
        for note in one.notes:
            err.print(f"  [yellow]not used:[/] {escape(note)}")
