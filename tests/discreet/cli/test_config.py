"""``discreet config show`` prints a settings file that gives the same settings again."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from discreet.cli.config import app


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCREET_HOME", str(tmp_path / "home"))


def shown(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["show", *arguments])
    assert done.exit_code == 0
    return done.stdout


def test_an_option_is_merged_into_what_is_shown() -> None:
    assert json.loads(shown("--json", "--set", "vision.mask.style=solid"))["vision"]["mask"]["style"] == "solid"


def test_what_is_shown_is_a_settings_file(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(shown("--set", "record.fps=12"), encoding="utf-8")
    values = json.loads(shown("--json", "--config", str(file)))
    assert values["record"]["fps"] == 12
    assert values == json.loads(shown("--json", "--set", "record.fps=12"))
