"""How a stage tells how far it is."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called by a stage with the share done, 0..1, never falling. May raise to stop the stage."""

    def __call__(self, done: float) -> None:
        """Report the share done."""
        ...


def silent(done: float) -> None:
    """A progress that tells nobody."""
