"""Every command takes ``--verbose``."""

from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command

from discreet.cli.app import app


def commands(command: Any = None, name: str = "discreet") -> Iterator[Any]:
    command = command or get_command(app)
    inner = getattr(command, "commands", {})
    if not inner:
        yield pytest.param(command, id=name)
    for part, sub in inner.items():
        yield from commands(sub, f"{name} {part}")


@pytest.mark.parametrize("command", commands())
def test_a_command_takes_verbose(command: Any) -> None:
    assert ["-v", "--verbose"] in [parameter.opts for parameter in command.params]
