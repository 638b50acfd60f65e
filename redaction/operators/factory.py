"""Operators by their names."""

from __future__ import annotations

from importlib.metadata import entry_points

from redaction.operators.base import Operator
from redaction.operators.beep import Beep
from redaction.operators.silence import Remove, Silence
from redaction.settings import RedactionSettings
from timeline import REMOVE, UnsafeError


def operator(name: str, settings: RedactionSettings) -> Operator:
    """The operator of that name, made from the settings; others come through entry points ``discreet.operators``.

    Raises:
        UnsafeError: if there is none.
    """
    if name == "beep":
        return Beep(settings.beep_hz, settings.beep_level, settings.fade)
    if name == "silence":
        return Silence(settings.fade)
    if name == REMOVE:
        return Remove(settings.fade)
    for entry in entry_points(group="discreet.operators", name=name):
        made = entry.load()(settings)
        if isinstance(made, Operator):
            return made
    raise UnsafeError(
        f"no operator is called {name}, so the private words cannot be taken out",
        "set the policy to beep or silence, or install the package that brings the operator",
    )
