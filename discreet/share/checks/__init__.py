"""What the gate looks and listens with: other detectors and embeddings than the run that made the results."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from discreet.share.checks.choose import GATE_DETECTOR, Checks, HiddenPeople, checks_for
    from discreet.share.checks.faces import SURE
    from discreet.share.checks.voices import HOP, LIKE, WINDOW
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "choose": ["GATE_DETECTOR", "Checks", "HiddenPeople", "checks_for"],
            "faces": ["SURE"],
            "voices": ["HOP", "LIKE", "WINDOW"],
        },
    )

__all__ = ["GATE_DETECTOR", "HOP", "LIKE", "SURE", "WINDOW", "Checks", "HiddenPeople", "checks_for"]
