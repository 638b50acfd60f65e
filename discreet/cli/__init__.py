"""The command line: one module a command or group of commands."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from discreet.cli.app import main
    from discreet.cli.demo import run_demo
else:
    __getattr__ = lazy_exports(__name__, {"app": ["main"], "demo": ["run_demo"]})

__all__ = ["main", "run_demo"]
