"""What every command shares: where lines go, and how errors end a run."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape

from timeline import DiscreetError, ExitCode, log_error, place_of

out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout is not None and sys.stdout.isatty() else 200)
"""Standard output: results."""
err = Console(stderr=True, highlight=False, soft_wrap=True)
"""Standard error: progress, notes, what went wrong."""
REFUSED: Any = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")
"""What the command line raises when an option or argument cannot be; some versions of typer bring a click of their own.
"""


def print_json(value: Any) -> None:
    """One JSON document on standard output, for programs."""
    # Some names of files are no Unicode; escaped they are JSON all the same.
    text = json.dumps(value, ensure_ascii=False, default=str)
    sys.stdout.write((text if text.isprintable() else json.dumps(value, default=str)) + "\n")


def fail(error: str, remedy: str, code: int, as_json: bool) -> None:
    """Say what went wrong and what to do, for people or for programs."""
    if as_json:
        print_json({"error": error, "remedy": remedy, "exit_code": code})
        return
    err.print(f"[bold red]discreet:[/] {escape(error)}")
    if remedy:
        err.print(f"  {escape(remedy)}")


def fault(error: BaseException, as_json: bool = False) -> None:
    """Say that the program itself is at fault, and where; never the exception's text.

    That text may quote what was being worked on, which may be private, and people who report a fault would pass it on.
    """
    log_error("the command ended with a fault in the program", error)
    if os.environ.get("DISCREET_DEBUG"):
        cause: BaseException | None = error
        while cause is not None:
            sys.stderr.write("".join(traceback.format_tb(cause.__traceback__)) + f"{type(cause).__name__}\n")
            cause = cause.__cause__ or cause.__context__
    where = place_of(error)
    fail(
        f"a fault in the program: {type(error).__name__}{f' at {where}' if where else ''}",
        "nothing half-written was left; report this line as a bug, and what --verbose adds to it",
        int(ExitCode.INTERNAL),
        as_json,
    )


@contextmanager
def ending(as_json: bool = False) -> Iterator[None]:
    """Turn what can go wrong into one clear line and its exit code (docs/reference/exit-codes.md)."""
    try:
        yield
    except DiscreetError as error:
        log_error("the command ended with an error", error)
        fail(str(error), error.remedy, int(error.exit_code), as_json)
        raise typer.Exit(int(error.exit_code)) from error
    except KeyboardInterrupt as error:
        if as_json:
            print_json({"error": "interrupted", "remedy": "", "exit_code": int(ExitCode.INTERRUPTED)})
        else:
            err.print("[bold]discreet:[/] interrupted; nothing half-written was left")
        raise typer.Exit(int(ExitCode.INTERRUPTED)) from error
    except (typer.Exit, typer.Abort, REFUSED):
        raise
    except Exception as error:
        fault(error, as_json)
        raise typer.Exit(int(ExitCode.INTERNAL)) from error
