"""Opening the registry tells at once who cannot be recognised, and what to do."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from discreet.cli.app import app
from discreet.cli.registry import open_registry
from registered import Enrolled, Registry


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DISCREET_KEYRING", "file")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    registry = Registry.open(tmp_path / "people")
    for name in ("Ada", "Bo", "Cy"):
        registry.add(Enrolled.new(name))
    return registry.folder


def test_nothing_is_told_where_everybody_can_be_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(open_registry(folder).people()) == 3
    assert capsys.readouterr() == ("", "")


def test_on_another_computer_one_reason_and_one_remedy_are_told(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(tmp_path / "state")
    assert open_registry(folder).people() == []
    said = capsys.readouterr().err
    assert said.count("Nobody who is enrolled can be recognised") == 1
    assert said.count("discreet people accept-backup") == 1
    assert "forget" not in said, "nobody has to be enrolled again"


def test_who_is_in_it_is_shown_before_it_is_accepted(folder: Path, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "state")
    listed = CliRunner().invoke(app, ["people", "list", "--registered", str(folder)])
    assert "nobody is enrolled yet" not in listed.output
    refused = CliRunner().invoke(app, ["people", "accept-backup", "--registered", str(folder)], input="n\n")
    assert [name in refused.output for name in ("Ada", "Bo", "Cy")] == [True, True, True]
    assert open_registry(folder).people() == []
    accepted = CliRunner().invoke(app, ["people", "accept-backup", "--registered", str(folder)], input="y\n")
    assert accepted.exit_code == 0
    assert len(open_registry(folder).people()) == 3


def test_a_damaged_record_is_told_by_its_id(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = sorted(folder.glob("*.person"))[0]
    path.write_bytes(b"no record")
    assert len(open_registry(folder).people()) == 2
    said = capsys.readouterr().err
    assert path.stem in said
    assert f"discreet people forget {path.stem}" in said
