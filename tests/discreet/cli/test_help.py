"""Help texts say what happens, verb first, in short sentences."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command

from discreet.cli.app import app

VERBS = {
    "Accept", "Add", "Also", "Always", "Ask", "Attack", "Change", "Check", "Choose", "Compare", "Convert", "Create",
    "Decide", "Define", "Destroy", "Do", "End", "Enrol", "Export", "Fetch", "Find", "Finish", "Give", "Import",
    "Keep", "Let", "List", "Listen", "Log", "Look", "Make", "Mark", "Measure", "Merge", "Name", "Never", "Open",
    "Play", "Print", "Publish", "Read", "Recall", "Record", "Redact", "Remove", "Rename", "Renew", "Replace", "Run",
    "Say", "Set", "Show", "Speak", "Spend", "Stop", "Take", "Train", "Trust", "Undo", "Use", "Warn", "Write",
}  # fmt: skip
"""What a help text may begin with: the imperative of a verb, or an adverb before one."""
SUMMARY, OPTION = 115, 150
"""Characters that a command's first sentences and an option's text may have at most."""
RIDDLES = re.compile(r"\b(somebody|nobody|whoever|whatever|what is done|who has not|it is told)\b", re.I)


def every(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    yield name, command
    for part, sub in getattr(command, "commands", {}).items():
        yield from every(sub, f"{name} {part}")


COMMANDS = dict(every(get_command(app), "discreet"))
PARAMETERS = [
    pytest.param(parameter, id=f"{name} {'/'.join(parameter.opts)}")
    for name, command in COMMANDS.items()
    for parameter in command.params
]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_what_it_does(name: str) -> None:
    summary = COMMANDS[name].help.split("\n\n")[0]
    assert summary.split()[0].rstrip(",") in VERBS
    assert summary.endswith(".")
    assert len(summary) <= SUMMARY
    assert not RIDDLES.search(summary)


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_an_option_says_what_it_does_and_an_argument_what_it_is(parameter: Any) -> None:
    first = parameter.help.split()[0].rstrip(",")
    assert first in VERBS if parameter.param_type_name == "option" else first[0].isupper()
    assert parameter.help.endswith(".")
    assert len(parameter.help) <= OPTION
    assert not RIDDLES.search(parameter.help)


SHARED = {"--json", "--config", "--registered", "--verbose", "--policy", "--asr", "--deny", "--allow", "--accept"}
"""Options that mean the same wherever they are taken."""


def test_a_shared_option_says_the_same_in_every_command() -> None:
    said: dict[str, set[str]] = {}
    for name, command in COMMANDS.items():
        for parameter in command.params:
            option = max(parameter.opts, key=len)
            if option in SHARED and name != "discreet evaluate voice":  # its --json takes a file
                said.setdefault(option, set()).add(parameter.help)
    assert set(said) == SHARED
    assert {name: texts for name, texts in said.items() if len(texts) > 1} == {}
