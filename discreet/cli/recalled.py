"""What a withdrawal recalled, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer
from rich.markup import escape

from discreet.cli.console import err, out

if TYPE_CHECKING:
    from discreet.share.withdrawal import Recalled


def report_recalled(done: Recalled) -> None:
    """Print what a withdrawal recalled, what it cannot reach, and what failed; end with 5 if something did."""
    from discreet.share.withdrawal import LIMITS
    from timeline import ExitCode

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
    for line in LIMITS if done.recalled else ():
        out.print(line)
    if done.problems:
        raise typer.Exit(int(ExitCode.OUTPUT))
