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


_VAGUE = frozenset(["DATE_TIME", "ORGANIZATION", "NRP"])
"""Kinds that a named-entity model gives to what it does not know: a phone number said in words is a time to it."""


def evidence(entity: str, score: float, length: int) -> tuple[bool, float, int]:
    """How specific what speaks for an entity is, for comparing: its kind, then its score, then its length."""
    return entity not in _VAGUE, score, length


def _evidence_of(find: Entity) -> tuple[bool, float, int]:
    return evidence(find.entity, find.score, find.end - find.start)


def merge(finds: Iterable[Entity]) -> list[Entity]:
    """Overlapping entities made one: all their characters, with kind, score and reason of the most specific evidence.

    Nothing found is dropped, so the characters covered are exactly those of the input.
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
