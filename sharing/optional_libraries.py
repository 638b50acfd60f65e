"""Loads optional libraries that only sharing needs, with a clear one-line error if one is missing."""

from __future__ import annotations

import importlib
from typing import Any

from timeline import DiscreetError, ExitCode

EXTRAS = {"cedarpy": "sharing", "rocrate": "sharing", "securesystemslib": "sharing", "c2pa": "sharing", "opendp": "dp"}
"""Library -> the extra that installs it."""


class MissingExtraError(DiscreetError):
    """A library of an extra is not installed."""

    exit_code = ExitCode.USAGE


def load(module: str) -> Any:
    """Import the module of an optional library.

    Raises:
        MissingExtraError: it is not installed; the remedy is the command that installs it.
    """
    try:
        return importlib.import_module(module)
    except ImportError:
        library = module.partition(".")[0]
        raise MissingExtraError(
            f"this needs {library}, which is not installed", f"pip install 'discreet[{EXTRAS[library]}]'"
        ) from None


def require_libraries(*modules: str) -> None:
    """Raise MissingExtraError if an optional library is not installed, before anything is done that needs it."""
    for module in modules:
        load(module)
