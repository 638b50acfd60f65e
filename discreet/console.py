"""What every command shares: where lines go, and how errors end a run."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape

from timeline import DiscreetError, ExitCode

out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 200)
"""Standard output: results."""
err = Console(stderr=True, highlight=False, soft_wrap=True)
"""Standard error: progress, notes, what went wrong."""


def print_json(value: Any) -> None:
    """One JSON document on standard output, for programs."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")


@contextmanager
def ending(as_json: bool = False) -> Iterator[None]:
    """Turn what can go wrong into one clear line and its exit code (docs/exit-codes.md)."""
    try:
        yield
    except DiscreetError as error:
        if as_json:
            print_json({"error": str(error), "remedy": error.remedy, "exit_code": int(error.exit_code)})
        else:
            err.print(f"[bold red]discreet:[/] {escape(str(error))}")
            if error.remedy:
                err.print(f"  {escape(error.remedy)}")
        raise typer.Exit(int(error.exit_code)) from error
    except KeyboardInterrupt as error:
        if as_json:
            print_json({"error": "interrupted", "remedy": "", "exit_code": int(ExitCode.INTERRUPTED)})
        else:
            err.print("[bold]discreet:[/] interrupted; nothing half-written was left")
        raise typer.Exit(int(ExitCode.INTERRUPTED)) from error
