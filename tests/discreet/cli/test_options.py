"""Options that several commands share say the same everywhere, verb first."""

import ast
from pathlib import Path
from typing import get_args

import pytest

from discreet.cli import options

SHARED = [name for name in dir(options) if name.endswith(("Flag", "Option", "File", "Folder"))]


@pytest.mark.parametrize("name", SHARED)
def test_a_shared_option_has_a_help_text_of_a_sentence(name: str) -> None:
    _, option = get_args(getattr(options, name))
    assert option.help[0].isupper()
    assert option.help.rstrip(")").endswith(".")


def test_every_shared_option_is_used() -> None:
    folder = Path(options.__file__).parent
    taken = {
        alias.name
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == options.__name__
        for alias in node.names
    }
    assert set(SHARED) <= taken


def test_a_profile_is_a_setting_below_the_others() -> None:
    assert options.of_profile(None) == []
    assert options.of_profile("reference") == ["profile=reference"]
