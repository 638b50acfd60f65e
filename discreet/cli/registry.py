"""Opening the registry for a command."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape

from discreet.cli.console import err

if TYPE_CHECKING:
    from registered import Registry, Settings


def open_registry(folder: Path | None, settings: Settings | None = None) -> Registry:
    """The registry, after the user was told which records cannot be trusted.

    ``folder`` and ``settings``: see :meth:`registered.Registry.open`, whose errors are raised, too.
    """
    from registered import Registry

    registry = Registry.open(folder, settings=settings)
    damaged = registry.damaged()
    if damaged and damaged[0].everybody:
        err.print(f"[yellow]Nobody who is enrolled can be recognised[/]: {escape(damaged[0].reason)}.")
        err.print(f"  To mend it, {escape(damaged[0].remedy)}.")
        return registry
    for broken in damaged:
        why = escape(broken.reason)
        err.print(f"[yellow]the record {broken.id} cannot be read ({why})[/]; it may be of somebody who")
        err.print(f"  opted out. When you know who it was, enrol them again and: discreet people forget {broken.id}")
        err.print("  If you restored a backup on purpose: discreet people accept-backup")
    return registry
