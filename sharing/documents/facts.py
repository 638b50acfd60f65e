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


FIGURES: tuple[Figure, ...] = (
    Figure(
        "A masked face is recognised: face frames of people who did not agree, four meetings whose people were not used"
        " to choose settings",
        "0 of 7436",
        "evaluation.bench --set=validation",
    ),
    Figure(
        "A masked face is restored: eight people behind the default mask, best attempt names the right one (always"
        " naming one person: 27.1 %)",
        "22 %",
        "evaluation.runs.recognition_behind_masks",
    ),
    Figure(
        "A changed voice (`prosody`) is matched with its speaker: equal error rate of the strongest of several"
        " attackers, 49 people (50 % hides perfectly)",
        "32.6 %",
        "evaluation.runs.voice_attacks",
    ),
    Figure(
        "A private word can still be heard after it was taken out: 100 spoken sentences",
        "0 of 168",
        "evaluation.runs.redaction",
    ),
    Figure(
        "A private word is missed in text: F2 of 300 written sentences (1 is perfect)",
        ".970",
        "evaluation.runs.redaction",
    ),
    Figure(
        "A person is found by the times of a shared transcript at a constant rate: 20 made voices of equal text, after"
        " 1 and 10 turns (chance 5 %)",
        "5 %, 5 %",
        "evaluation.runs.sharing_timing",
    ),
    Figure(
        "A person is found by the level `features`: 20 made voices of equal text, after 1 and 10 turns, upper 95 %"
        " limits (chance 5 %)",
        "6 %, 9 %",
        "evaluation.runs.sharing_features",
    ),
    *(
        Figure(
            f"A person is found by times that were shifted by up to {jitter:g} s (`--jitter`), by somebody who knows"
            " the text: 20 made voices, after 1 and 10 turns (chance 5 %)",
            f"{100 * one:.0f} %, {100 * ten:.0f} %",
            "evaluation.runs.sharing_timing",
        )
        for jitter, one, ten in MEASURED
    ),
)
"""Limits that hold for every project, from docs/explanation/figures.md. Other recordings may do worse."""


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
