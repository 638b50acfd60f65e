"""The facts for documents: the governance in force, the exports, and what was measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sharing.exports import ExportRecord
from sharing.levels import MEASURED
from sharing.policy import Governance


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured limit: what was measured, the result, and the command."""

    what: str
    value: str
    command: str


FIGURES: tuple[Figure, ...] = tuple(
    Figure(f"people recognised by times shifted by up to {jitter:g} s, after 1 and 4 turns (chance 11%)",
           f"{one:.0%}, {four:.0%}", "measured on nine voices before this version")
    for jitter, one, four in MEASURED
)  # fmt: skip
"""Limits that hold for every project."""


@dataclass(frozen=True)
class Facts:
    """Everything that the documents say.

    Attributes:
        name: the project's name on this computer.
        governance: the one in force.
        exports: all exports.
        models: model -> hash, of every run whose results were exported.
        budget_spent: epsilon spent on counts.
        people: number of enrolled people, by the state of their consent.
        log_lines: number of lines in the audit log.
        log_damage: damage to it.
        open_points: problems that are not settled.
        figures: measured limits.
        today: the day of the document, such as 2026-03-01.
    """

    name: str
    governance: Governance
    today: str
    exports: Sequence[ExportRecord] = ()
    models: Mapping[str, str] = field(default_factory=dict)
    budget_spent: float = 0.0
    people: Mapping[str, int] = field(default_factory=dict)
    log_lines: int = 0
    log_damage: Sequence[str] = ()
    open_points: Sequence[str] = ()
    figures: Sequence[Figure] = FIGURES
