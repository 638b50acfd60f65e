"""What a person sees while it works: one bar a stage with the time left, on standard error.

``--quiet`` hides progress and notes. A warning of something that was lost is always shown.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from timeline import Progress


class Cancelled(Exception):  # noqa: N818 - not an error: somebody asked for it
    """Raised inside a stage, from its progress, once the run is to stop."""


class Ui(Protocol):
    """Where stages report to."""

    def stage(self, title: str) -> Progress:
        """Begin a stage; the progress it is to call."""
        ...

    def note(self, text: str) -> None:
        """Say something about how the work goes."""
        ...

    def warn(self, text: str) -> None:
        """Say what was lost or could not be done, also to somebody who asked for quiet."""
        ...

    def cancel(self) -> None:
        """Make every stage stop at its next report."""
        ...


class Quiet:
    """Shows warnings only, on standard error; still stops when asked to."""

    def __init__(self) -> None:
        self._cancelled = threading.Event()
        self._console = Console(stderr=True, soft_wrap=True)

    def stage(self, title: str) -> Progress:
        """A progress that only listens for :meth:`cancel`."""

        def progress(done: float) -> None:
            if self._cancelled.is_set():
                raise Cancelled

        return progress

    def note(self, text: str) -> None:
        """Nothing."""

    def warn(self, text: str) -> None:
        """Print a line."""
        self._console.print(f"discreet: {text}", style="yellow", highlight=False, markup=False)

    def cancel(self) -> None:
        """Make every stage stop at its next report."""
        self._cancelled.set()


class Terminal(Quiet):
    """Rich bars. Make it with :func:`terminal`."""

    def __init__(self, bars: Bars) -> None:
        super().__init__()
        self._bars, self._console = bars, bars.console

    def stage(self, title: str) -> Progress:
        """Add a bar."""
        task = self._bars.add_task(title, total=1.0)
        listen = super().stage(title)

        def progress(done: float) -> None:
            listen(done)
            self._bars.update(task, completed=min(1.0, done))

        return progress

    def note(self, text: str) -> None:
        """Print a line above the bars."""
        self._console.print(text, style="yellow", highlight=False, markup=False)


@contextmanager
def terminal(console: Console) -> Iterator[Terminal]:
    """Bars on ``console`` for as long as the context lasts."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=console, expand=True) as bars:
        yield Terminal(bars)
