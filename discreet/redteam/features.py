"""Features: does the order of turns in ``turns.csv`` recognise a person in another session?"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from discreet.redteam.attack import Attacked, not_attacked, rated
from discreet.redteam.nearest_neighbour import Described, recognised
from discreet.redteam.target import Target

NAME = "features"
FILE = "turns.csv"
LEAST_TURNS = 3
"""Turns below which a speaker is not described."""


def features(targets: Sequence[Target]) -> Attacked:
    """Rank-1 of the nearest speaker in other sessions, by shares of turns, of overlaps and of replies."""
    described: list[Described] = []
    for target in targets:
        path = target.folder / "data" / FILE
        if path.is_file():
            described += _described(path, len(described))
    right, chances = recognised(described)
    if not chances:
        return not_attacked(NAME, "it needs exports of features with people who talk in several sessions")
    return rated(NAME, right, len(chances), float(np.mean(chances)), "speakers recognised by the order of turns")


def _described(path: Path, offset: int) -> Iterator[Described]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    sessions = sorted({row["session"] for row in rows})
    for number, session in enumerate(sessions):
        turns = [row for row in rows if row["session"] == session]
        for person in sorted({row["speaker"] for row in turns}):
            own = [row for row in turns if row["speaker"] == person]
            if len(own) >= LEAST_TURNS:
                overlap = float(np.mean([row["overlap"] == "1" for row in own]))
                again = float(np.mean([row["before"] == person for row in own]))
                yield Described(offset + number, person, np.array([len(own) / len(turns), overlap, again]))
