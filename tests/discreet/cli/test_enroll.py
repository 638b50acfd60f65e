"""``discreet enroll``: what cannot be enrolled is told in a line, and nobody is left half enrolled."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from discreet.cli.app import app
from registered import Registry
from timeline import ExitCode


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        (["--consent", "all"], ExitCode.PEOPLE, "nothing to enrol"),
        (["--face", "gone.jpg", "--consent", "everything"], ExitCode.PEOPLE, "everything"),
        (["--face", "gone.jpg", "--expires", "soon"], ExitCode.PEOPLE, "soon"),
    ],
)
def test_what_cannot_be_enrolled_enrols_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: list[str], code: ExitCode, said: str
) -> None:
    monkeypatch.setenv("DISCREET_KEYRING", "file")
    done = CliRunner().invoke(app, ["enroll", "Ann", *given, "--registered", str(tmp_path)])
    assert done.exit_code == code, done.output
    assert said in done.output
    assert "Traceback" not in done.output
    assert Registry.open(tmp_path, "file").people() == []
