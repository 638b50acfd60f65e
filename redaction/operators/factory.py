"""Creating operators by name."""

from __future__ import annotations

from redaction.operators.base import Operator
from redaction.operators.beep import Beep
from redaction.operators.silence import Remove, Silence
from redaction.settings import RedactionSettings
from timeline import REMOVE, ModelError, UnsafeError, load_plugin
from weights import Store


def operator(name: str, settings: RedactionSettings) -> Operator:
    """The operator with this name, made from the settings; plugins may add others.

    Raises:
        UnsafeError: there is no such operator, or its plugin does not keep the contract.
    """
    if name == "beep":
        return Beep(settings.beep_hz, settings.beep_level, settings.fade)
    if name == "silence":
        return Silence(settings.fade)
    if name == REMOVE:
        return Remove(settings.fade)
    try:
        made: Operator | None = load_plugin("operator", name, Operator, Store(), settings)
    except ModelError as error:
        raise UnsafeError(f"the private words cannot be removed: {error}", error.remedy) from error
    if made is not None:
        return made
    raise UnsafeError(
        f"no operator is called {name}, so the private words cannot be removed",
        "set the policy to beep or silence, or install the package that provides it",
    )
