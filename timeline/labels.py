"""Labels by which readers of an export tell people apart, even where two people bear one name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from timeline.document import Timeline

Key = TypeVar("Key")


def distinct(
    labels: Iterable[tuple[Key, str]], written: Callable[[str], str] = str, taken: Iterable[str] = ()
) -> dict[Key, str]:
    """Labels that differ from one another when they are written: the second "Ann" becomes "Ann 2".

    Args:
        labels: in order, with whose they are; the first of two equal ones stays as it is.
        written: how a label looks in the format.
        taken: what nobody may be called, as it is written.
    """
    used = set(taken)
    out: dict[Key, str] = {}
    for id, label in labels:
        made, number = label, 2
        while written(made) in used:
            made, number = f"{label} {number}", number + 1
        used.add(written(made))
        out[id] = made
    return out


def labels_of(timeline: Timeline) -> dict[str, str]:
    """Person's id -> a label that nobody else in the document bears."""
    return distinct((person.id, person.label) for person in timeline.people)
