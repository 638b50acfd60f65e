"""From a command's arguments to a run, with bars and a clean end on Ctrl-C and SIGTERM."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from discreet.console import err
from discreet.process import Outcome, process
from discreet.settings import load
from discreet.ui import Quiet, terminal
from registered import Registry
from weights import Store


@contextmanager
def _sigterm_interrupts() -> Iterator[None]:
    """SIGTERM ends a run as Ctrl-C does: nothing half-written is left."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def run(
    recording: Path,
    target: Path,
    config: Path | None,
    options: Sequence[str],
    registered: Path | None,
    overwrite: bool,
    *,
    quiet: bool,
) -> Outcome:
    """Run :func:`discreet.process.process` for a command. Raises what that raises."""
    settings = load(config, options)
    store = Store()
    registry = Registry.open(registered, settings=settings.registered)
    with _sigterm_interrupts():
        if quiet:
            return process(recording, target, settings, store, registry, Quiet(), overwrite=overwrite)
        with terminal(err) as ui:
            return process(recording, target, settings, store, registry, ui, overwrite=overwrite)
