"""Prints what a withdrawal recalled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape

from discreet.cli.console import err, out

if TYPE_CHECKING:
    from discreet.share.withdrawal import Recalled


def print_recalled(done: Recalled) -> None:
    """Print what a withdrawal recalled, and what could not be done."""
    for project, record in done.recalled:
        out.print(f"recalled: {record.id} of {project}, given to {record.recipient}, {escape(record.place)}")
        for file in record.files:
            out.print(f"  {escape(file)}")
    exports = "1 export was" if len(done.recalled) == 1 else f"{len(done.recalled)} exports were"
    out.print(f"{exports} recalled")
    for path in done.lists:
        out.print(f"signed list of recalls: {escape(str(path))}")
    for problem in done.problems:
        err.print(f"[red]not done in {escape(problem)}[/]")
