"""Controlled sampling: of one person an export takes at most so many minutes, drawn by a keyed seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from sharing.levels.session import Session
from timeline import Turn


def sampled(session: Session, minutes: float, seed: Callable[[str, str], int]) -> Session:
    """The session with turns of each person drawn until their minutes are used up; the other turns are gone.

    The recording goes, too, unless every turn is kept: what was not drawn is still in it.

    Args:
        session: with everything.
        minutes: of each person.
        seed: of a session's token and a person's token; whoever does not have the key cannot foresee the draw.
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
