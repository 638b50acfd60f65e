"""Attacks on converted voices, and how well they work: who can be recognised by sound, and how reliably."""

from voice.attacks.attackers import (
    ATTACKERS,
    Attacker,
    AttackMaterial,
    Ignorant,
    Lazy,
    Linked,
    Prosody,
    SemiInformed,
    Undo,
)
from voice.attacks.backend import Backend, Plda, Wccn
from voice.attacks.mcadams import mcadams, power_for, warp_poles
from voice.attacks.measures import Interval, bootstrap_eer, det, eer, error_rates, linkability, tpr_at
from voice.attacks.prosody import PROSODY, prosody
from voice.attacks.trials import Outcome, Trials, Vectors, outcome

__all__ = [
    "ATTACKERS",
    "PROSODY",
    "AttackMaterial",
    "Attacker",
    "Backend",
    "Ignorant",
    "Interval",
    "Lazy",
    "Linked",
    "Outcome",
    "Plda",
    "Prosody",
    "SemiInformed",
    "Trials",
    "Undo",
    "Vectors",
    "Wccn",
    "bootstrap_eer",
    "det",
    "eer",
    "error_rates",
    "linkability",
    "mcadams",
    "outcome",
    "power_for",
    "prosody",
    "tpr_at",
    "warp_poles",
]
