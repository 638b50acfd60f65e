"""Why one source failed. Only the fetcher sees these; the user sees a single ModelError."""

from __future__ import annotations


class SourceError(Exception):
    """A source did not deliver the file; the next one is tried. ``str()`` is the reason, in a few words."""


class NoSpaceError(Exception):
    """The disk is full: another source would not help."""

    def __init__(self, needed: int, free: int) -> None:
        super().__init__(f"the disk is full: {needed / 1e6:.0f} MB more are needed, {free / 1e6:.0f} MB are free")
