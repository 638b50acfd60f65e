"""From a command's arguments to a run, with bars and a clean end on Ctrl-C, SIGTERM and a terminal that closes."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from discreet.cli.console import err
from discreet.config.settings import WordOptions, load
from discreet.process import ProcessResult, process
from discreet.progress import Quiet, terminal
from registered import Registry
from weights import Store


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


def run(
    recording: Path,
    target: Path,
    config: Path | None,
    options: Sequence[str],
    registered: Path | None,
    overwrite: bool,
    *,
    quiet: bool,
    policy: str | None = None,
    words: WordOptions | None = None,
) -> ProcessResult:
    """Run :func:`discreet.process.process` for a command. Raises what that raises."""
    settings = load(config, options, policy, words)
    store = Store()
    registry = Registry.open(registered, settings=settings.registered)
    with interruptible():
        if quiet:
            return process(recording, target, settings, store, registry, Quiet(), overwrite=overwrite)
        with terminal(err) as ui:
            return process(recording, target, settings, store, registry, ui, overwrite=overwrite)
