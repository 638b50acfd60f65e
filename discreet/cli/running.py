"""From a command's arguments to a run, with bars and a clean end on Ctrl-C, SIGTERM and a terminal that closes."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from capture import regular_file
from discreet.cli.console import err
from discreet.pipeline.context import RunContext
from discreet.progress import Quiet, terminal
from discreet.results import TIMELINE
from discreet.review import Decisions, read_decisions

if TYPE_CHECKING:
    from discreet.process import ProcessResult


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


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Decisions, and the folder of the results that they are about; None: they lie beside none."""

    decisions: Decisions
    folder: Path | None

    @classmethod
    def read(cls, path: Path) -> Reviewed:
        """From a decisions file or a folder of results. Raises DecisionsError if it cannot be read."""
        folder = path if path.is_dir() else path.parent
        return cls(read_decisions(path), folder if (folder / TIMELINE).is_file() else None)


def run(
    path: Path, out: Path, context: RunContext, *, overwrite: bool, quiet: bool, reviewed: Reviewed | None = None
) -> ProcessResult:
    """Run :func:`discreet.process.process` for a command. Raises what that raises.

    The results that decisions are about are replaced without being asked for.
    """
    regular_file(path)  # a wrong path is said before the second that it takes to load everything
    from discreet.process import process

    with interruptible(), nullcontext(Quiet()) if quiet else terminal(err) as ui:
        if reviewed is None:
            return process(path, out, context, ui, overwrite=overwrite)
        own = reviewed.folder is not None and reviewed.folder.absolute() == out.absolute()
        return process(path, out, context, ui, overwrite=overwrite or own, decisions=reviewed.decisions)
