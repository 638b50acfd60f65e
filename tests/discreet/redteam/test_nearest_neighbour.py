"""The nearest description in another session is the guess; only where there is a choice."""

from __future__ import annotations

import numpy as np

from discreet.redteam.nearest_neighbour import Described, recognised


def described(*rows: tuple[int, str, float]) -> list[Described]:
    return [Described(session, person, np.array([value, 0.0])) for session, person, value in rows]


def test_whoever_is_alike_in_two_sessions_is_recognised() -> None:
    alike = described((0, "a", 1.0), (0, "b", 5.0), (1, "a", 1.1), (1, "b", 4.9))
    assert recognised(alike) == (4, [0.5] * 4)
    crossed = described((0, "a", 1.0), (0, "b", 5.0), (1, "b", 1.1), (1, "a", 4.9))
    assert recognised(crossed) == (0, [0.5] * 4)


def test_without_a_choice_nothing_is_guessed() -> None:
    assert recognised([]) == (0, [])
    assert recognised(described((0, "a", 1.0), (1, "a", 1.0))) == (0, [])
    assert recognised(described((0, "a", 1.0), (0, "b", 2.0))) == (0, [])
