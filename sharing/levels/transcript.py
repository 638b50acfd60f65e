"""Level ``transcript``: who says what in which order, at a constant rate.

The times of speech and pauses identify people: an attacker who has heard twenty voices say the same text names the
speaker of .50 of all recordings of ten turns by times alone (chance .05), and of .29 after noise of 250 ms. At a
constant rate it is .05. So times are made up by default; real times with noise are an option that states how much it
reveals.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sharing.levels.deidentified import COLUMNS, document_texts
from sharing.levels.people import pseudonymous
from sharing.levels.session import Artefact, Column, Session, TextMaker
from timeline import Recording, Timeline, Turn, Word

WORD_S = 0.4
"""Seconds that every word takes: 150 words per minute, a usual rate of speech."""
PAUSE_S = 0.5
"""Seconds between two turns."""
SILENT_S = 1.0
"""Seconds of a turn whose words are missing."""
MEASURED = ((0.05, 0.243, 0.505), (0.25, 0.166, 0.290), (1.0, 0.085, 0.120))
"""Jitter (s), and how often an attacker who knows twenty voices and the text names the right one after 1 turn and after
10 (``evaluation.runs.sharing_timing``)."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one person says at one time: the words, and their times in the recording (s)."""

    person: str
    start: float
    end: float
    words: tuple[Word, ...]

    @property
    def seconds(self) -> float:
        """Length in the recording."""
        return self.end - self.start


def said_in(timeline: Timeline) -> list[Said]:
    """Turns with their words, sorted by start; a word outside every turn makes a turn of its own."""
    turns = [Said(turn.person, turn.start, turn.end, ()) for turn in timeline.turns]
    for word in sorted(timeline.words, key=lambda word: word.start):
        middle = (word.start + word.end) / 2
        place = next(
            (n for n, one in enumerate(turns) if one.person == word.person and one.start <= middle <= one.end), None
        )
        if place is None:
            turns.append(Said(word.person or "", word.start, word.end, (word,)))
        else:
            turns[place] = replace(turns[place], words=(*turns[place].words, word))
    return sorted(turns, key=lambda one: (one.start, one.end))


def joined(said: Iterable[Said]) -> list[Said]:
    """What is said, with successive stretches of one person as one: where people pause tells who they are."""
    out: list[Said] = []
    for one in said:
        if out and out[-1].person == one.person:
            last = out.pop()
            one = Said(one.person, last.start, max(last.end, one.end), (*last.words, *one.words))
        out.append(one)
    return out


class Transcript:
    """The order of turns and their words.

    Args:
        texts: file name -> how it is made from the document.
        jitter: most seconds by which the real times of turns are shifted at random; None for a constant rate.
    """

    name = "transcript"

    def __init__(self, texts: Mapping[str, TextMaker], jitter: float | None = None) -> None:
        self._texts, self._jitter = texts, jitter

    def make(self, sessions: Sequence[Session]) -> Artefact:
        """The export."""
        retimed = at_constant_rate if self._jitter is None else self._jittered
        timelines = {session.token: retimed(pseudonymous(session)) for session in sessions}
        texts = document_texts(timelines, self._texts)
        columns = [column for column in COLUMNS if not column.name.startswith("tracks")]
        columns.append(Column("timeline.json", "times", "s", self._what_times_are()))
        return Artefact(timelines, texts, columns=columns, notes=[self._what_times_are()])

    def _what_times_are(self) -> str:
        if self._jitter is None:
            return f"Times are made up: {WORD_S} s a word, {PAUSE_S} s between turns. They only give the order."
        jitter, one, ten = min(MEASURED, key=lambda row: abs(row[0] - self._jitter))  # type: ignore[operator]
        return (
            f"Times are real, shifted at random by up to {self._jitter:g} s. They can identify people: with"
            f" {jitter:g} s, an attacker who knew twenty voices and the text named the right one in {one:.0%} of cases"
            f" after one turn and in {ten:.0%} after ten (chance 5%)."
        )

    def _jittered(self, timeline: Timeline) -> Timeline:
        # Not a keyed seed: anybody who knows the noise can subtract it.
        noise, width = secrets.SystemRandom(), self._jitter or 0.0
        length = timeline.recording.duration
        placed = []
        for one in said_in(timeline):
            start = min(max(one.start + noise.uniform(-width, width), 0.0), length)
            placed.append((one, start, min(max(one.end + noise.uniform(-width, width), start), length)))
        return _document(timeline, placed)


def at_constant_rate(timeline: Timeline) -> Timeline:
    """The document with made-up times: all words are equally long, and so are all pauses between turns."""
    placed, at = [], 0.0
    for one in joined(said_in(timeline)):
        end = at + (WORD_S * len(one.words) or SILENT_S)
        placed.append((one, at, end))
        at = end + PAUSE_S
    return _document(timeline, placed)


def _document(timeline: Timeline, placed: Sequence[tuple[Said, float, float]]) -> Timeline:
    """The document with turns and words at their new times, without faces, picture and redactions without a word."""
    words: list[Word] = []
    spans: dict[str, tuple[float, float]] = {}
    for one, start, end in placed:
        step = (end - start) / max(len(one.words), 1)
        for number, word in enumerate(one.words):
            moved = word.model_copy(
                update={"start": round(start + number * step, 3), "end": round(start + (number + 1) * step, 3)}
            )
            words.append(moved)
            if word.redaction is not None:
                first = spans.get(word.redaction, (moved.start, moved.end))[0]
                spans[word.redaction] = (first, moved.end)
    redactions = [
        one.model_copy(update={"start": spans[one.id][0], "end": spans[one.id][1]})
        for one in timeline.redactions
        if one.id in spans
    ]
    return Timeline(
        recording=Recording(duration=max((end for _, _, end in placed), default=0.0)),
        people=timeline.people,
        turns=[Turn(start=start, end=end, person=one.person) for one, start, end in placed if one.person],
        words=words,
        redactions=redactions,
        provenance=timeline.provenance,
    )
