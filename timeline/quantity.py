"""Numbers of things, in words for readers."""

from __future__ import annotations


def number_of(count: int, one: str, many: str = "") -> str:
    """``count`` with its noun: ``one`` for 1, otherwise ``many``, which is ``one`` and an s unless given."""
    return f"{count} {one}" if count == 1 else f"{count} {many or one + 's'}"
