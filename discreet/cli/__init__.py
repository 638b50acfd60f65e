"""The command line: one module a command or group of commands."""

from discreet.cli.app import main

__all__ = ["main"]
