"""Attacks on converted voices, and how well they work: who can be recognised by sound, and how reliably."""

from voice.attacks.attackers import ATTACKERS, Attacker, Ignorant, Lazy, Linked, Material, Prosody, SemiInformed, Undo
from voice.attacks.backend import Backend, Plda, Wccn
from voice.attacks.mcadams import mcadams, moved, power_for
from voice.attacks.measures import Interval, bootstrap_eer, det, eer, error_rates, linkability, tpr_at
from voice.attacks.prosody import PROSODY, prosody
from voice.attacks.trials import Outcome, Trials, Vectors, outcome

__all__ = [
    "ATTACKERS",
    "PROSODY",
    "Attacker",
    "Backend",
    "Ignorant",
    "Interval",
    "Lazy",
    "Linked",
    "Material",
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
    "moved",
    "outcome",
    "power_for",
    "prosody",
    "tpr_at",
]
