"""``--simThreshold`` and ``--sim_threshold`` within what was measured to be safe.

AAVID takes any number. Here a lower one than the floor of the setting would take strangers for somebody, so the floor
is used, and said. A higher threshold never accepts more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline import InputError

if TYPE_CHECKING:
    from discreet.config import Settings
    from weights import Store

HIGHEST = 0.999
"""Of a face's likeness; a threshold of 1 would accept nobody."""


def face_threshold(store: Store, settings: Settings, wanted: float) -> tuple[float, str]:
    """The least likeness of a face, and a line where it is not the one that was wanted.

    Raises:
        InputError: it is not between 0 and 1.
    """
    from vision import least_likeness

    recogniser = settings.vision.recognise.recogniser
    return _within("--simThreshold", wanted, least_likeness(store, recogniser), f" for {recogniser}")


def voice_threshold(wanted: float) -> tuple[float, str]:
    """The least likeness of a voice, and a line where it is not the one that was wanted.

    Raises:
        InputError: it is not between 0 and 1.
    """
    from diarization import FusionSettings

    bounds = FusionSettings.model_fields["name_similarity"].metadata
    least = next(bound.ge for bound in bounds if hasattr(bound, "ge"))
    return _within("--sim_threshold", wanted, float(least), "")


def _within(option: str, wanted: float, least: float, of: str) -> tuple[float, str]:
    if not 0.0 <= wanted <= 1.0:
        raise InputError(f"{option} {wanted} is not a likeness", "give a number from 0 to 1")
    if wanted < least:
        return least, f"{option} {wanted:g} would take strangers for enrolled people{of}: {least:g} is used."
    return min(wanted, HIGHEST), ""
