"""What the gate looks and listens with: other detectors and embeddings than the run that made the results."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from discreet.share.checks.choose import Checks, HiddenPeople, checks_for, hidden_people
    from discreet.share.checks.faces import BareFaces
    from discreet.share.checks.voices import OwnVoices
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "choose": ["Checks", "HiddenPeople", "checks_for", "hidden_people"],
            "faces": ["BareFaces"],
            "voices": ["OwnVoices"],
        },
    )

__all__ = ["BareFaces", "Checks", "HiddenPeople", "OwnVoices", "checks_for", "hidden_people"]
