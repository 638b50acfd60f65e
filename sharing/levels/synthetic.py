"""Level ``synthetic``: a made-up meeting of the same structure, with nobody's words or voice.

The number of speakers, their shares of turns and words, and the share of overlapping turns are those of the session,
rounded; the order is random, and the words come from a list of neutral sentences.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from sharing.levels.deidentified import document_texts
from sharing.levels.people import pseudonymous
from sharing.levels.session import Artefact, Column, Session, TextMaker
from sharing.levels.transcript import PAUSE_S, WORD_S, said_in
from timeline import Person, Recording, Timeline, Turn, Word

_TEXT = (
    "well let us look at the next point on the list and see what is left to do before we go on to the other one "
    "i think that is fine for now but we should come back to it later when there is more time for all of us"
)
FILLER = _TEXT.split()
"""The words that are said: a neutral text, in its original order."""
ROUND_TURNS = 5
"""A speaker's number of turns is rounded to multiples of this, so that it does not reveal which session it was."""
OVERLAP_S = 0.8
"""Seconds by which an overlapping turn begins before the previous one ends: two words."""


class Synthetic:
    """Made-up meetings, one for each session.

    Args:
        texts: file name -> how it is made from the document.
        seed: session's token -> the seed of its meeting.
    """

    name = "synthetic"

    def __init__(self, texts: Mapping[str, TextMaker], seed: Callable[[str], int]) -> None:
        self._texts, self._seed = texts, seed

    def make(self, sessions: Sequence[Session]) -> Artefact:
        """The export."""
        timelines = {
            session.token: invented(pseudonymous(session), np.random.default_rng(self._seed(session.token)))
            for session in sessions
        }
        columns = (
            Column("timeline.json", "turns[]", "s", "a made-up turn; its times are made up, too"),
            Column("timeline.json", "words[]", "s", "a filler; nobody said it"),
        )
        notes = ["Made up: numbers of speakers, turns and overlaps are like those of real sessions; nothing was said."]
        return Artefact(timelines, document_texts(timelines, self._texts), columns=columns, notes=notes)


def invented(timeline: Timeline, rng: np.random.Generator) -> Timeline:
    """A meeting with about as many turns, words and overlaps of each speaker as ``timeline``."""
    said = [one for one in said_in(timeline) if one.person]
    turns = Counter(one.person for one in said)
    seconds: Counter[str] = Counter()
    for one in said:
        seconds[one.person] += one.seconds  # type: ignore[assignment]
    names = {person: f"Speaker {n}" for n, (person, _) in enumerate(turns.most_common(), 1)}
    share = sum(turn.overlap for turn in timeline.turns) / max(len(timeline.turns), 1)
    order = _order({person: max(ROUND_TURNS, _rounded(count)) for person, count in turns.items()}, rng)
    mean_words = {person: max(1, round(seconds[person] / turns[person] / WORD_S)) for person in turns}
    out_turns: list[Turn] = []
    words: list[Word] = []
    at = 0.0
    for person in order:
        overlap = bool(out_turns) and rng.random() < share
        start = max(0.0, at - (OVERLAP_S if overlap else -PAUSE_S))
        count = int(rng.poisson(mean_words[person] - 1)) + 1
        first = int(rng.integers(len(FILLER)))
        for n in range(count):
            begin = start + n * WORD_S
            text = FILLER[(first + n) % len(FILLER)]
            words.append(Word(start=begin, end=begin + WORD_S, text=text, person=names[person]))
        end = start + count * WORD_S
        out_turns.append(Turn(start=start, end=end, person=names[person], overlap=overlap))
        at = max(at, end)
    return Timeline(
        recording=Recording(duration=at),
        people=[Person(id=name, pseudonym=name) for name in sorted(names.values())],
        turns=out_turns,
        words=words,
    )


def _rounded(count: int) -> int:
    return round(count / ROUND_TURNS) * ROUND_TURNS


def _order(counts: Mapping[str, int], rng: np.random.Generator) -> list[str]:
    """A random order in which everybody has their number of turns, and nobody two in a row while others are left."""
    left, out = dict(counts), list[str]()
    while any(left.values()):
        able = [person for person, count in left.items() if count and person != (out[-1] if out else None)]
        able = able or [person for person, count in left.items() if count]
        weights = np.array([left[person] for person in able], np.float64)
        person = able[int(rng.choice(len(able), p=weights / weights.sum()))]
        left[person] -= 1
        out.append(person)
    return out
