"""``discreet people``: one way to say what somebody agrees to, wherever it is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from discreet.cli.app import app
from registered import Consent, Enrolled, Registry, parse_answers
from timeline import ExitCode


@pytest.fixture
def people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DISCREET_KEYRING", "file")
    Registry.open(tmp_path / "people").add(Enrolled.new("Ann", Consent.granting(parse_answers("all"))))
    return tmp_path / "people"


@pytest.mark.parametrize("given", [["--consent", "seen,quoted"], ["seen,quoted"]])
def test_consent_is_given_as_an_option_as_everywhere_or_as_a_word(people: Path, given: list[str]) -> None:
    done = CliRunner().invoke(app, ["people", "consent", "Ann", *given, "--registered", str(people)])
    assert done.exit_code == ExitCode.OK, done.output
    answers = Registry.open(people).get("Ann").consent.answers()
    assert (answers.seen, answers.heard, answers.quoted, answers.named) == (True, False, True, False)


@pytest.mark.parametrize("given", [[], ["none", "--consent", "all"]])
def test_consent_is_said_once(people: Path, given: list[str]) -> None:
    done = CliRunner().invoke(app, ["people", "consent", "Ann", *given, "--registered", str(people)])
    assert done.exit_code == ExitCode.USAGE
    assert Registry.open(people).get("Ann").consent.answers().heard
