"""From a command's arguments to a run, with bars and a clean end on Ctrl-C, SIGTERM and a terminal that closes."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import FrameType

from discreet.cli.console import err
from discreet.pipeline.context import RunContext
from discreet.process import ProcessResult, process
from discreet.progress import Quiet, terminal


@contextmanager
def interruptible() -> Iterator[None]:
    """SIGTERM and SIGHUP end a run as Ctrl-C does: nothing half-written is left. Under nohup SIGHUP stays ignored."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    names = ("SIGTERM", "SIGHUP")
    numbers = [number for number in signal.Signals if number.name in names]
    before = {number: signal.getsignal(number) for number in numbers}
    for number in numbers:
        if before[number] is not signal.SIG_IGN:
            signal.signal(number, interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run(path: Path, out: Path, context: RunContext, *, overwrite: bool, quiet: bool) -> ProcessResult:
    """Run :func:`discreet.process.process` for a command. Raises what that raises."""
    with interruptible(), nullcontext(Quiet()) if quiet else terminal(err) as ui:
        return process(path, out, context, ui, overwrite=overwrite)
