"""``discreet redteam``: a report in every form, and exit code 8 where an attack succeeded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from discreet.cli.app import app
from tests.discreet.redteam.conftest import document
from timeline import ExitCode


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DISCREET_HOME", str(tmp_path / "home"))
    folder = tmp_path / "results"
    folder.mkdir()
    (folder / "timeline.json").write_text(document([(0.0, 2.0, "p1")]).to_json())
    return folder


def redteam(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["redteam", *map(str, arguments)])
    return done.exit_code, done.output


def test_nothing_reached_is_exit_0_with_a_report(folder: Path, tmp_path: Path) -> None:
    code, text = redteam(folder, "--out", tmp_path / "report")
    assert (code, "GREEN" in text) == (0, True), text
    assert json.loads((tmp_path / "report" / "redteam.json").read_text())["light"] == "green"
    assert "Red team report" in (tmp_path / "report" / "redteam.html").read_text()


def test_a_success_is_exit_8_and_the_word_is_not_told(folder: Path) -> None:
    (folder / "notes.txt").write_text("Zoe Okonkwo was there")
    code, text = redteam(folder, "--word", "Zoe Okonkwo", "--json")
    assert (code, json.loads(text)["light"]) == (ExitCode.UNSAFE, "red")
    assert "Okonkwo" not in text


def test_what_is_no_result_is_told(tmp_path: Path) -> None:
    assert redteam(tmp_path)[0] == ExitCode.INPUT
