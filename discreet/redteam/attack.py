"""What came of one attack: a traffic light, and the figure behind it."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Literal

from timeline import Document

Light = Literal["green", "amber", "red", "grey"]
"""Green: nothing was reached. Amber: more than chance, or the material is too little to tell. Red: it was reached.
Grey: not attacked."""


class Attacked(Document):
    """One attack.

    Attributes:
        name: of the attack.
        light: see :data:`Light`.
        figure: what was reached, in words with numbers; for grey why it was not attacked.
        value: the number behind the light, None where nothing was attacked.
        chance: what guessing would reach, where that makes sense.
        trials: how many times it was tried.
        places: where it succeeded, at most :data:`MOST_PLACES`; never what was found there.
    """

    name: str
    light: Light
    figure: str
    value: float | None = None
    chance: float | None = None
    trials: int = 0
    places: tuple[str, ...] = ()


MOST_PLACES = 20
TOO_FEW = 10
"""Trials below which a rate that is no better than chance says little."""


def not_attacked(name: str, why: str) -> Attacked:
    """An attack that was not made."""
    return Attacked(name=name, light="grey", figure=f"not attacked: {why}")


def counted(name: str, places: Sequence[str], trials: int, what: str) -> Attacked:
    """An attack in which a single success is too much."""
    return Attacked(
        name=name,
        light="red" if places else "green",
        figure=f"{len(places)} {what} in {trials}",
        value=float(len(places)),
        trials=trials,
        places=tuple(places[:MOST_PLACES]),
    )


def rated(name: str, right: int, trials: int, chance: float, what: str) -> Attacked:
    """An attack that guesses: red where its success is certainly above chance, amber where it may be.

    The interval is Wilson's (1927), 95 %.
    """
    low, high = interval(right, trials)
    rate = right / trials
    light: Light = "red" if low > chance else "amber" if rate > chance or trials < TOO_FEW else "green"
    figure = f"{what}: {rate:.2f} of {trials} (95 %: {low:.2f} to {high:.2f}); chance {chance:.2f}"
    return Attacked(name=name, light=light, figure=figure, value=rate, chance=chance, trials=trials)


def interval(right: int, trials: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's interval of a rate."""
    rate, weight = right / trials, z * z / trials
    middle = (rate + weight / 2) / (1 + weight)
    reach = z * sqrt(rate * (1 - rate) / trials + z * z / (4 * trials * trials)) / (1 + weight)
    return max(0.0, middle - reach), min(1.0, middle + reach)
