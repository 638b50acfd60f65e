"""An entity: where something private is in a text, its kind, score and reason. Never the text itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from redaction.text.utterance import Utterance


@dataclass(frozen=True, slots=True, order=True)
class Entity:
    """Characters ``[start, end)`` of a text that are private.

    Attributes:
        start: offset of the first character.
        end: offset after the last one.
        entity: the kind, e.g. ``PERSON``.
        score: confidence, 0..1.
        reason: how it was found; may be shown, since it never quotes what was found.
    """

    start: int
    end: int
    entity: str
    score: float
    reason: str


EntityRecogniser = Callable[[Utterance], list[Entity]]
"""Finds what is private in an utterance."""


_VAGUE = frozenset(["DATE_TIME", "ORGANIZATION", "NRP"])
"""Kinds that a named-entity model assigns to what it does not know: it takes a spoken phone number for a time."""


def evidence(entity: str, score: float, length: int) -> tuple[bool, float, int]:
    """A key that orders entities by how specific their evidence is: by kind, then score, then length."""
    return entity not in _VAGUE, score, length


def _evidence_of(find: Entity) -> tuple[bool, float, int]:
    return evidence(find.entity, find.score, find.end - find.start)


def merge(finds: Iterable[Entity]) -> list[Entity]:
    """Merge overlapping entities into one that covers all their characters, with the most specific kind, score and
    reason.

    Nothing found is dropped, so the covered characters are exactly those of the input.
    """
    out: list[Entity] = []
    best: Entity | None = None
    for find in sorted(f for f in finds if f.end > f.start):
        if out and best is not None and find.start < out[-1].end:
            if _evidence_of(find) > _evidence_of(best):
                best = find
            out[-1] = Entity(out[-1].start, max(out[-1].end, find.end), best.entity, best.score, best.reason)
        else:
            best = find
            out.append(find)
    return out
