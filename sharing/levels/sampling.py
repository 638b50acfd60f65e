"""Controlled sampling: an export takes at most so many minutes of each person, chosen with a keyed seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from sharing.levels.session import Session
from timeline import Turn


def sampled(session: Session, minutes: float, seed: Callable[[str, str], int]) -> Session:
    """The session with random turns of each person up to a number of minutes; the other turns are removed.

    The recording is removed, too, unless every turn is kept, because it still holds the other turns.

    Args:
        session: the whole session.
        minutes: most minutes of each person.
        seed: seed for a session's token and a person's token; nobody without the key can predict the choice.
    """
    kept: set[int] = set()
    for id, one in session.people.items():
        own = [n for n, turn in enumerate(session.timeline.turns) if turn.person == id]
        left = minutes * 60.0
        for n in np.random.default_rng(seed(session.token, one.token)).permutation(own).tolist():
            length = _seconds(session.timeline.turns[n])
            if length <= left:
                kept.add(n)
                left -= length
    turns = [turn for n, turn in enumerate(session.timeline.turns) if n in kept]
    if len(turns) == len(session.timeline.turns):
        return session
    words = [
        word
        for word in session.timeline.words
        if any(turn.person == word.person and turn.start <= (word.start + word.end) / 2 <= turn.end for turn in turns)
    ]
    timeline = session.timeline.model_copy(update={"turns": turns, "words": words})
    return replace(session, timeline=timeline, recording=None)


def _seconds(turn: Turn) -> float:
    return turn.end - turn.start
