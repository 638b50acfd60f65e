"""An entity: where something private stands in a text, what kind, how sure, and why. Never the text itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from redaction.text.utterance import Utterance


@dataclass(frozen=True, slots=True, order=True)
class Entity:
    """Characters ``[start, end)`` of a text that are private.

    Attributes:
        start: offset of the first character.
        end: offset behind the last one.
        entity: what it is, e.g. ``PERSON``.
        score: 0..1, how sure.
        reason: how it was found, fit to be shown: it never quotes what was found.
    """

    start: int
    end: int
    entity: str
    score: float
    reason: str


EntityRecogniser = Callable[[Utterance], list[Entity]]
"""Finds what is private in an utterance."""


def merge(finds: Iterable[Entity]) -> list[Entity]:
    """Overlapping entities made one: all their characters, with kind, score and reason of the surest (then longest).

    Nothing found is dropped, so the characters covered are exactly those of the input.
    """
    out: list[Entity] = []
    best: Entity | None = None
    for find in sorted(f for f in finds if f.end > f.start):
        if out and best is not None and find.start < out[-1].end:
            if (find.score, find.end - find.start) > (best.score, best.end - best.start):
                best = find
            out[-1] = Entity(out[-1].start, max(out[-1].end, find.end), best.entity, best.score, best.reason)
        else:
            best = find
            out.append(find)
    return out
