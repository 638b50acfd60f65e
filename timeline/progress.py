"""How a stage reports its progress."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called by a stage with the share done, 0..1, never decreasing. May raise to stop the stage."""

    def __call__(self, done: float) -> None:
        """Report the share done."""
        ...


def silent(done: float) -> None:
    """A progress callback that does nothing."""
