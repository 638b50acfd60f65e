"""``discreet share init`` and what asks the governance."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from discreet.cli.app import app
from registered import Consent, Enrolled, Registry
from timeline import ExitCode

pytest.importorskip("cedarpy")


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCREET_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DISCREET_KEYRING", "file")


def share(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["share", *arguments, "--project", "study"])
    return done.exit_code, done.output


def governance() -> Path:
    return Registry.open(None).folder / "sharing" / "study" / "governance.toml"


def may(level: str) -> tuple[int, str]:
    return share("may", "--to", "partner", "--role", "external", "--purpose", "reuse", "--level", level)


def test_a_project_begins_with_a_file_to_read_and_grants_nothing_before_a_recipient_is_named() -> None:
    code, text = share("init", "--kind", "research", "--controller", "A university")
    assert (code, governance().exists()) == (0, True)
    assert "A university" in governance().read_text()
    assert may("transcript")[0] == ExitCode.REFUSED
    governance().write_text(
        governance()
        .read_text()
        .replace("[sampling]", '[recipients.partner]\nrole = "external"\nabout = "B"\n[sampling]', 1)
    )
    assert may("transcript")[0] == 0
    code, text = may("deidentified")
    assert code == ExitCode.REFUSED
    assert "not 'deidentified'" in text


def test_the_policy_is_listed_for_people_and_programs() -> None:
    share("init", "--kind", "therapy")
    code, text = share("policy")
    assert code == 0
    assert "clinician for supervision: deidentified, transcript; kept 90 days" in text
    assert json.loads(share("policy", "--json")[1])["roles"].keys() >= {"owner", "clinician"}


def test_a_mistake_in_the_file_is_one_line_and_denies() -> None:
    share("init", "--kind", "therapy")
    governance().write_text(governance().read_text().replace("duo =", "dou ="))
    for arguments in (("policy",), ("may", "--to", "a", "--role", "b", "--purpose", "c", "--level", "demo")):
        code, text = share(*arguments)
        assert code == ExitCode.USAGE
        assert "dou: there is no such key" in text


def test_an_unknown_kind_and_an_unknown_project_are_told() -> None:
    assert share("init", "--kind", "circus")[0] == ExitCode.USAGE
    code, text = share("policy")
    assert code == ExitCode.USAGE
    assert "share init" in text


def test_the_owner_is_told_who_it_is() -> None:
    share("init", "--kind", "research")
    from discreet.share.project import Project

    registry = Registry.open(None)
    person = registry.add(Enrolled.new("Ada", Consent(seen=True)))
    code, text = share("identify", Project("study", registry).tokens.person(person.id))
    assert (code, text.strip()) == (0, "Ada")
    assert share("identify", "Ada")[0] == ExitCode.INPUT


@pytest.mark.parametrize("command", ["key", "list", "destroy", "policy"])
def test_a_mistyped_project_is_told_with_those_there_are(command: str) -> None:
    assert CliRunner().invoke(app, ["share", "init", "--project", "study", "--kind", "research"]).exit_code == 0
    done = CliRunner().invoke(app, ["share", command, "--project", "studdy"])
    assert done.exit_code == ExitCode.USAGE
    assert "no project 'studdy'" in done.output
    assert "choose one of study" in done.output
    assert "PUBLIC KEY" not in done.output
