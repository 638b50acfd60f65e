"""A find: where something private stands in a text, what kind, how sure, and why. Never the text itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from timeline import Word


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


EntityRecogniser = Callable[[str], list[Entity]]
"""Finds what is private in a text. Third parties' recognisers have this shape, too."""


class TextLike:
    """Words joined by blanks, and the way back from characters to words. Its repr shows no word."""

    __slots__ = ("_starts", "string")

    def __init__(self, words: Sequence[Word] | Sequence[str]) -> None:
        parts = [word if isinstance(word, str) else word.text for word in words]
        self._starts: list[int] = []
        at = 0
        for part in parts:
            self._starts.append(at)
            at += len(part) + 1
        self.string = " ".join(parts)

    def __repr__(self) -> str:
        return f"Text({len(self._starts)} words)"

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Characters of the words ``first`` to ``last``, both included."""
        end = self._starts[last + 1] - 1 if last + 1 < len(self._starts) else len(self.string)
        return self._starts[first], end

    def words(self, start: int, end: int) -> range:
        """Indices of the words that hold any of the characters ``[start, end)``; empty where there are none."""
        from bisect import bisect_left, bisect_right

        if end <= start or not self._starts:
            return range(0)
        first = max(0, bisect_right(self._starts, start) - 1)
        if start >= self.span(first, first)[1]:
            first += 1  # the span begins on the blank behind a word
        return range(first, bisect_left(self._starts, end))


def merge(finds: Iterable[Entity]) -> list[Entity]:
    """Overlapping finds made one: all their characters, with entity, score and reason of the surest (then longest).

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
