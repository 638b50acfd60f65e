"""Timing: do lengths of turns and pauses recognise a person in another session?

Each speaker of a session is described by statistics of their turns; the nearest description in the other sessions is
the guess. It is right if both bear the same pseudonym. ``evaluation.runs.sharing_timing`` makes a stronger attack.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from discreet.redteam.attack import Attacked, not_attacked, rated
from discreet.redteam.nearest_neighbour import Described, recognised
from discreet.redteam.target import Session, Target
from timeline import Turn

NAME = "timing"
LEAST_TURNS = 3
"""Turns below which a speaker is not described."""


def timing(targets: Sequence[Target]) -> Attacked:
    """Rank-1 of the nearest speaker in other sessions, by times alone."""
    sessions = [session for target in targets for session in target.sessions]
    described = [Described(number, *one) for number, session in enumerate(sessions) for one in _described(session)]
    right, chances = recognised(described)
    if not chances:
        return not_attacked(NAME, "it needs people who talk in several sessions under the same pseudonym")
    return rated(NAME, right, len(chances), float(np.mean(chances)), "speakers recognised by the times of their turns")


def _described(session: Session) -> list[tuple[str, npt.NDArray[np.float64]]]:
    turns = sorted(session.timeline.turns, key=lambda turn: turn.start)
    by: dict[str, list[tuple[float, float]]] = {}
    for before, turn in zip([None, *turns[:-1]], turns, strict=True):
        by.setdefault(turn.person, []).append((turn.end - turn.start, _gap(before, turn)))
    return [(person, _row(np.array(found))) for person, found in by.items() if len(found) >= LEAST_TURNS]


def _gap(before: Turn | None, turn: Turn) -> float:
    return turn.start - before.end if before is not None else 0.0


def _row(found: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Middle and spread of the logarithm of lengths, and of the gaps before."""
    lengths = np.log(np.maximum(found[:, 0], 0.05))
    return np.array([np.median(lengths), lengths.std(), np.median(found[:, 1]), found[:, 1].std()])
