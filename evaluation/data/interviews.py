"""Interviews for attacks on exports: the partner, always the same, asks; the speaker answers with a sentence.

Everything but the speaker is equal: the question, the pause after it, and, if wanted, a short "mhm" of the partner one
second later. What an export tells of an answer can therefore only come from the words, which are equal, or the speaker.
"""

from __future__ import annotations

from collections.abc import Sequence

from evaluation.data.same_text_speakers import Reading
from sharing.levels import Included, Level, Session
from timeline import Person, Provenance, Recording, Timeline, Turn, Word

SPEAKER, PARTNER = "P-SPEAKER", "P-PARTNER"
QUESTION_S, GAP_S = 1.0, 0.3
MHM_AFTER_S, MHM_S = 1.0, 0.3
"""When the partner says "mhm", from the beginning of the answer on, and for how long."""


def interview(reading: Reading, *, mhm: bool = False) -> Timeline:
    """One question and one answer, as a run would write it: a turn for each stretch of speech."""
    begin = QUESTION_S + GAP_S - reading.speech[0].start
    spoken = [(span.start + begin, span.end + begin) for span in reading.speech]
    heard = (QUESTION_S + GAP_S + MHM_AFTER_S, QUESTION_S + GAP_S + MHM_AFTER_S + MHM_S)
    overlapped = [mhm and start < heard[1] and heard[0] < end for start, end in spoken]
    turns = [Turn(start=0.0, end=QUESTION_S, person="a")]
    turns += [
        Turn(start=start, end=end, person="b", overlap=both)
        for (start, end), both in zip(spoken, overlapped, strict=True)
    ]
    if mhm:
        turns.append(Turn(start=heard[0], end=heard[1], person="a", overlap=any(overlapped)))
    words = [Word(start=0.0, end=QUESTION_S, text="And?", person="a")]
    words += [
        Word(start=word.start + begin, end=word.end + begin, text=word.text, person="b") for word in reading.words
    ]
    return Timeline(
        recording=Recording(duration=max(heard[1] if mhm else 0.0, spoken[-1][1])),
        people=[Person(id=id, pseudonym=id, quoted=True) for id in "ab"],
        turns=sorted(turns, key=lambda turn: turn.start),
        words=sorted(words, key=lambda word: word.start),
        provenance=Provenance(created="2026-01-01"),
    )


def sessions(readings: Sequence[Reading], *, mhm: bool = False) -> list[Session]:
    """A session for each reading, its token the place in the list."""
    people = {"a": Included(PARTNER, quoted=True), "b": Included(SPEAKER, quoted=True)}
    return [Session(f"S-{number}", interview(reading, mhm=mhm), people) for number, reading in enumerate(readings)]


def exported(level: Level, readings: Sequence[Reading], *, mhm: bool = False) -> list[Timeline]:
    """The documents that ``level`` makes of the readings, in order."""
    artefact = level.make(sessions(readings, mhm=mhm))
    return [artefact.timelines[f"S-{number}"] for number in range(len(readings))]
