"""Standard streams that end no run: closed, full, or read by somebody who had enough.

What a command does is done before it says so. So a line that cannot be written is left out; whether that matters is
decided at the end, once.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys

from discreet.cli.console import err
from timeline import ExitCode

_NUMBERS = {"stdin": 0, "stdout": 1, "stderr": 2}


class _Patient(io.FileIO):
    """The end of a stream that takes whatever is written, and keeps the first error."""

    error: OSError | None = None

    def write(self, data: object, /) -> int:
        """Write; after an error nothing more is written, and nothing is raised."""
        whole = memoryview(data).nbytes  # type: ignore[arg-type]
        if self.error is not None:
            return whole
        try:
            written = super().write(data)  # type: ignore[arg-type]
        except OSError as error:
            self.error = error
            return whole
        return whole if written is None else written


def patient_streams() -> None:
    """Make the standard streams usable whatever they were started as, and let no error of theirs end the run.

    A stream that was closed becomes the null device; otherwise the next file that is opened would get its number, and
    with it all that is meant for the terminal. What the terminal cannot show is escaped.
    """
    for name, number in _NUMBERS.items():
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest free number: this one
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r" if number == 0 else "w", encoding="utf-8"))  # noqa: SIM115
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if not isinstance(stream, io.TextIOWrapper) or stream.name == os.devnull:
            continue
        with contextlib.suppress(OSError):
            stream.flush()
        end = _Patient(stream.fileno(), "w", closefd=False)
        buffered = io.TextIOWrapper(
            io.BufferedWriter(end),
            encoding=stream.encoding,
            errors="backslashreplace",
            line_buffering=stream.line_buffering,
            write_through=name == "stderr",
        )
        setattr(sys, name, buffered)


def unwritten() -> OSError | None:
    """Why standard output could not take all that was written to it; None where it did, or its reader had enough."""
    stream = sys.stdout
    if stream is None:
        return None
    end: object = None
    with contextlib.suppress(OSError, ValueError, AttributeError):
        stream.flush()
        end = getattr(stream.buffer, "raw", None)
    error = end.error if isinstance(end, _Patient) else None
    return None if isinstance(error, BrokenPipeError) else error


def final_code(code: int) -> int:
    """The exit code of a command that would give ``code``: it failed, too, if standard output took not all of it."""
    error = unwritten()
    if error is None:
        return code
    err.print(f"[bold red]discreet:[/] standard output could not be written: {error.strerror}")
    return code or int(ExitCode.OUTPUT)
