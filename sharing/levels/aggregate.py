"""Level ``aggregate``: counts over all sessions, with differential privacy for each person.

Two sets of sessions are neighbours if one person is in one and not in the other. The contribution of each person is
bounded first; then discrete Laplace noise of scale bound / epsilon is added to each count (Ghosh et al., "Universally
Utility-Maximizing Privacy Mechanisms", 2009), drawn by OpenDP. Rounding and suppression come after the noise and cost
nothing (post-processing).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf, nextafter
from typing import Any, Protocol

from sharing.levels.budget import Budget
from sharing.levels.session import Artefact, Column, Session
from sharing.optional_libraries import load
from timeline import Turn

FILE = "counts.csv"
SUPPRESSED = "suppressed"


class Bounds(Protocol):
    """Limits on each person's contribution and on small counts, as in the governance."""

    @property
    def suppress_up_to(self) -> int:
        """Counts up to this number are suppressed."""
        ...

    @property
    def round_to(self) -> int:
        """Others are rounded to multiples of this number."""
        ...

    @property
    def most_sessions(self) -> int:
        """Most sessions of one person that count."""
        ...

    @property
    def most_turns(self) -> int:
        """Most turns of one person in one session that count."""
        ...

    @property
    def most_minutes(self) -> int:
        """Most minutes of one person in one session that count."""
        ...


@dataclass(frozen=True, slots=True)
class Count:
    """One count: its name, its true value, how much one person can change it, and its meaning."""

    name: str
    value: int
    most: int
    meaning: str


def counts(sessions: Sequence[Session], bounds: Bounds) -> list[Count]:
    """The true counts, with each person's contribution bounded. They must not be released.

    For each person, the first turns of the first sessions count (sessions sorted by token, which is as good as random),
    whatever others do. Overlaps are counted between neighbours in order of their start: removing a turn removes at most
    two such pairs, so a person changes the number by at most twice their number of turns.
    """
    seen: Counter[str] = Counter()
    turns = overlaps = 0
    minutes: Counter[tuple[str, str]] = Counter()
    for session in sorted(sessions, key=lambda session: session.token):
        counted: list[Turn] = []
        for id, one in session.people.items():
            own = [turn for turn in session.timeline.turns if turn.person == id]
            if own and seen[one.token] < bounds.most_sessions:
                seen[one.token] += 1
                counted += sorted(own, key=_when)[: bounds.most_turns]
                minutes[session.token, one.token] = min(
                    round(sum(turn.end - turn.start for turn in own) / 60), bounds.most_minutes
                )
        counted.sort(key=_when)
        turns += len(counted)
        overlaps += sum(a.person != b.person and b.start < a.end for a, b in pairwise(counted))
    times = bounds.most_sessions
    return [
        Count("people", len(seen), 1, "people who spoke"),
        Count("turns", turns, times * bounds.most_turns, "turns"),
        Count("overlaps", overlaps, 2 * times * bounds.most_turns, "turns begun before the one before had ended"),
        Count("minutes", minutes.total(), times * bounds.most_minutes, "minutes of speech"),
    ]


def _when(turn: Turn) -> tuple[float, float, str]:
    return turn.start, turn.end, turn.person


def noisy(value: int, most: int, epsilon: float) -> int:
    """``value`` with discrete Laplace noise such that a change of it by ``most`` costs at most ``epsilon``.

    Raises:
        MissingExtraError: OpenDP is not installed.
    """
    return int(laplace(most, epsilon)(value))


def laplace(most: int, epsilon: float) -> Any:
    """OpenDP's measurement whose cost for a change by ``most`` is proved to be at most ``epsilon``.

    OpenDP rounds the cost up, so that no error of floating point can hide some of it. Where ``most / epsilon`` itself
    was rounded down, the scale grows by as little as there is.

    Raises:
        MissingExtraError: OpenDP is not installed.
    """
    dp = load("opendp.prelude")
    dp.enable_features("contrib")
    scale = most / epsilon
    while True:
        made = dp.m.make_laplace(dp.atom_domain(T=int), dp.absolute_distance(T=int), scale=scale)
        if made.map(most) <= epsilon:
            return made
        scale = nextafter(scale * (1 + 2**-50), inf)


class Aggregate:
    """Counts of all sessions together.

    Args:
        bounds: limits on each person's contribution, and what is suppressed.
        budget: pays for it.
        epsilon: cost of this export, divided equally among the counts.
    """

    name = "aggregate"

    def __init__(self, bounds: Bounds, budget: Budget, epsilon: float) -> None:
        self._bounds, self._budget, self._epsilon = bounds, budget, epsilon

    def make(self, sessions: Sequence[Session]) -> Artefact:
        """The export.

        Raises:
            RefusedError: the budget is too small; nothing was spent.
            MissingExtraError: OpenDP is not installed; nothing was spent.
        """
        load("opendp.prelude")
        true = counts(sessions, self._bounds)
        each = self._epsilon / len(true)
        drawn = self._budget.release(
            self._epsilon, "aggregate", lambda: [noisy(one.value, one.most, each) for one in true]
        )
        rows = ["count,value,epsilon,scale"]
        for one, value in zip(true, drawn, strict=True):
            rows.append(f"{one.name},{self._released(value)},{each:g},{one.most / each:g}")
        columns = [Column(FILE, one.name, "count", one.meaning) for one in true]
        columns += [
            Column(FILE, "epsilon", "number", "what the count cost of the project's privacy budget"),
            Column(FILE, "scale", "number", "scale of the discrete Laplace noise that was added"),
        ]
        bounds = self._bounds
        at_most = "1 session" if bounds.most_sessions == 1 else f"{bounds.most_sessions} sessions"
        notes = [
            f"Of each person count at most {at_most}, with at most {bounds.most_turns} turns and"
            f" {bounds.most_minutes} minutes each.",
            f"Counts up to {bounds.suppress_up_to} are suppressed, others rounded to multiples of {bounds.round_to}.",
        ]
        return Artefact(texts={FILE: "\n".join(rows) + "\n"}, columns=columns, notes=notes)

    def _released(self, value: int) -> str:
        if value <= self._bounds.suppress_up_to:
            return SUPPRESSED
        return str(round(value / self._bounds.round_to) * self._bounds.round_to)
