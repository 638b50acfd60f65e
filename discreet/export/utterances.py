"""The document as most formats want it: who said what from when to when, in text that every reader takes.

A turn and the words said in it are one :class:`Utterance`. Words outside of every turn of their speaker are utterances
of their own. Nothing here can show a redacted word: the document holds its placeholder only.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from timeline import Timeline, Turn, Word, distinct, one_field

UNKNOWN = "unknown"
"""Who said what nobody is known to have said."""
PAUSE = 1.0
"""Words outside of turns that follow one another within this many seconds are one utterance."""
_UNPRINTABLE = {"Cc", "Cs", "Zl", "Zp"}
_NO_CHARACTERS = "\ufffe\uffff"
"""Neither these nor most control characters may stand in XML."""


@dataclass(frozen=True, slots=True)
class Said:
    """A word, or the placeholder of one redaction, whose words count as one. Times in seconds."""

    start: float
    end: float
    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Utterance:
    """What one speaker says without a break. Times in seconds; without words where nothing may be written."""

    start: float
    end: float
    speaker: str
    words: tuple[Said, ...]

    @property
    def text(self) -> str:
        """The words, separated by blanks."""
        return " ".join(word.text for word in self.words)


def clean(text: str) -> str:
    """``text`` on one line, without characters that a format cannot hold."""
    kept = (" " if unicodedata.category(c) in _UNPRINTABLE or c in _NO_CHARACTERS else c for c in text)
    return " ".join("".join(kept).split())


def speakers(timeline: Timeline) -> dict[str | None, str]:
    """Person's id -> a label that nobody else bears; None -> the label of nobody known."""
    return _distinct(timeline, clean)


def speaker_fields(timeline: Timeline) -> dict[str | None, str]:
    """As :func:`speakers`, for formats whose fields are separated by blanks."""
    return _distinct(timeline, one_field)


def _distinct(timeline: Timeline, form: Callable[[str], str]) -> dict[str | None, str]:
    people: list[tuple[str | None, str]] = [(p.id, form(p.label) or UNKNOWN) for p in timeline.people]
    return {id: form(label) for id, label in distinct([*people, (None, UNKNOWN)], form).items()}


def utterances(timeline: Timeline, labels: dict[str | None, str]) -> list[Utterance]:
    """Everything that is said, by its start.

    Every turn is one utterance, with the words of its speaker whose middle lies in it, in their order.

    Args:
        timeline: the document.
        labels: of :func:`speakers` or :func:`speaker_fields`.
    """
    out: list[Utterance] = []
    for person, label in labels.items():
        turns = sorted((t for t in timeline.turns if t.person == person), key=lambda turn: (turn.start, turn.end))
        words = sorted((w for w in timeline.words if w.person == person), key=lambda word: (word.start, word.end))
        inside, outside = _by_turn(turns, words)
        out += [Utterance(t.start, t.end, label, said(inside[i])) for i, t in enumerate(turns)]
        out += [Utterance(r[0].start, max(w.end for w in r), label, said(r)) for r in _runs(outside)]
    return sorted(out, key=lambda one: (one.start, one.end, one.speaker))


def said(words: Iterable[Word]) -> tuple[Said, ...]:
    """The words; those of one redaction, where they follow one another, as one placeholder."""
    out: list[Said] = []
    redaction: str | None = None
    for word in words:
        text = clean(word.text)
        if not text:
            continue
        if redaction is not None and word.redaction == redaction:
            before = out[-1]
            out[-1] = Said(
                before.start, max(before.end, word.end), before.text, min(before.confidence, word.confidence)
            )
        else:
            out.append(Said(word.start, word.end, text, word.confidence))
        redaction = word.redaction
    return tuple(out)


def _by_turn(turns: Sequence[Turn], words: Iterable[Word]) -> tuple[list[list[Word]], list[Word]]:
    """The words in each turn, and those in none. Both arguments are sorted by their start."""
    starts = [turn.start for turn in turns]
    furthest = list(accumulate((turn.end for turn in turns), max))
    inside: list[list[Word]] = [[] for _ in turns]
    outside = []
    for word in words:
        middle = (word.start + word.end) / 2
        at = bisect_right(starts, middle) - 1
        while at >= 0 and furthest[at] >= middle and turns[at].end < middle:
            at -= 1
        if at >= 0 and turns[at].end >= middle:
            inside[at].append(word)
        else:
            outside.append(word)
    return inside, outside


def _runs(words: Sequence[Word]) -> Iterator[list[Word]]:
    run: list[Word] = []
    for word in words:
        if run and word.start - run[-1].end > PAUSE:
            yield run
            run = []
        run.append(word)
    if run:
        yield run
