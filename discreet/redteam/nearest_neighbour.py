"""Recognising people across sessions: the nearest description in another session is the guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True, eq=False)
class Described:
    """Somebody in a session, as numbers ``[D]``."""

    session: int
    person: str
    row: npt.NDArray[np.float64]


def recognised(described: Sequence[Described]) -> tuple[int, list[float]]:
    """How many were recognised in another session, and the chance of each guess.

    Only whoever is in another session, too, is guessed, and only where there is a choice.
    """
    spread = np.array([one.row for one in described]).std(axis=0) if described else np.ones(1)
    scale = np.where(spread > 1e-6, spread, 1.0)
    right, chances = 0, []
    for one in described:
        others = [other for other in described if other.session != one.session]
        candidates = {other.person for other in others}
        if one.person not in candidates or len(candidates) < 2:
            continue
        guess = min(others, key=lambda other: float(np.linalg.norm((other.row - one.row) / scale)))
        right += guess.person == one.person
        chances.append(1 / len(candidates))
    return right, chances
