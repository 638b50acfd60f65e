"""Assigning words to speakers, and leaving out the words of people who have not agreed to be quoted."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from redaction.settings import ATTRIBUTED_SHARE, QUOTE_PAD
from redaction.text.private_spans import placeholder
from timeline import Person, Redaction, Segment, Turn, Word, intersect, total, union

UNQUOTED = "UNQUOTED"
"""The entity of what is left out because its speaker has not agreed to be quoted."""


class _Turns:
    """Turns sorted by start, for finding those that overlap a span."""

    def __init__(self, turns: Sequence[Turn]) -> None:
        self._turns = sorted(turns, key=lambda turn: turn.start)
        self._starts = [turn.start for turn in self._turns]
        self._longest = max((turn.end - turn.start for turn in self._turns), default=0.0)

    def near(self, start: float, end: float) -> list[Turn]:
        first = bisect_left(self._starts, start - self._longest)
        last = bisect_left(self._starts, end)
        return [turn for turn in self._turns[first:last] if turn.end > start]


def _instant(word: Word) -> tuple[float, float]:
    """The word's span, never empty: a word without length gets the millisecond around it."""
    return (word.start, word.end) if word.end > word.start else (max(0.0, word.start - 0.0005), word.end + 0.0005)


def assign_words(words: Sequence[Word], turns: Sequence[Turn]) -> list[Word]:
    """Give each word the person of the turn that covers most of it (the more confident turn on a tie), or None."""
    index = _Turns(turns)
    out: list[Word] = []
    for word in words:
        start, end = _instant(word)
        best: tuple[float, float, str] | None = None
        for turn in index.near(start, end):
            shared = min(end, turn.end) - max(start, turn.start)
            if shared > 0 and (best is None or (shared, turn.confidence) > best[:2]):
                best = (shared, turn.confidence, turn.person)
        out.append(word.model_copy(update={"person": best[2] if best else None}))
    return out


def redact_unquoted(
    words: Sequence[Word],
    people: Sequence[Person],
    turns: Sequence[Turn],
    *,
    pad: float = QUOTE_PAD,
    replace: bool = False,
    prefix: str = "q",
) -> tuple[list[Word], list[Redaction]]:
    """Silence people who have not agreed to be quoted, and leave their words out of the text.

    A word is removed if it belongs to such a person, or if more than half of it lies in one of their turns, whoever it
    belongs to. While somebody in the meeting must not be quoted, words without a known speaker are removed as well:
    they may be theirs.

    Args:
        words: with their persons, see :func:`assign_words`; redacted words are treated the same.
        people: everybody; ids in turns that are missing here count as not quoted.
        turns: who spoke when.
        pad: seconds silenced before and after a turn.
        replace: put one ``[UNQUOTED]`` in place of each stretch, instead of nothing.
        prefix: ids are ``{prefix}1``, ...

    Returns:
        the words that are kept, and the redactions (``kind="word"``, ``operator="silence"``).
    """
    quoted = {person.id for person in people if person.quoted}
    closed = [turn for turn in turns if turn.person not in quoted]
    if (
        not closed
        and all(person.quoted for person in people)
        and all(w.person in quoted or w.person is None for w in words)
    ):
        return list(words), []
    index = _Turns(closed)
    kept: list[Word] = []
    gone: list[tuple[str | None, Segment]] = []
    for word in words:
        start, end = _instant(word)
        span = [Segment(start, end)]
        near = index.near(start, end)
        inside = total(intersect(span, [Segment(t.start, t.end) for t in near])) / (end - start)
        if word.person in quoted and inside <= ATTRIBUTED_SHARE:
            kept.append(word)
        else:
            owner = word.person if word.person not in quoted and word.person is not None else None
            gone.append((owner or (near[0].person if near else None), span[0]))
    spans: dict[str | None, list[Segment]] = {}
    for turn in closed:
        spans.setdefault(turn.person, []).append(Segment(turn.start, turn.end))
    for owner, segment in gone:
        spans.setdefault(owner, []).append(segment)
    known = {person.id for person in people}
    redactions: list[Redaction] = []
    for owner, segments in spans.items():
        reason = "has not agreed to be quoted" if owner else "nobody knows who said it, and somebody must not be quoted"
        for segment in union((s.grown(pad) for s in segments), gap=pad):
            redactions.append(
                Redaction(
                    id=f"{prefix}{len(redactions) + 1}",
                    kind="word",
                    start=segment.start,
                    end=segment.end,
                    person=owner if owner in known else None,
                    entity=UNQUOTED,
                    operator="silence",
                    reason=reason,
                )
            )
    if replace:
        kept += [
            Word(start=r.start, end=r.end, text=placeholder(UNQUOTED), person=r.person, redaction=r.id)
            for r in redactions
        ]
        kept.sort(key=lambda word: (word.start, word.end))
    return kept, redactions
