"""A project: its governance is watched, its pseudonyms are its own, and its owners are those of the file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from discreet.share.project import Project, account
from registered import Consent, Enrolled, Registry
from timeline import InputError, OutputError, RefusedError

pytest.importorskip("cedarpy")


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    monkeypatch.setenv("DISCREET_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DISCREET_KEYRING", "file")
    return Registry.open(None)


def create(registry: Registry, name: str = "study") -> Project:
    return Project.create(name, registry, "research", "A university", "a@example.org")


def actions(project: Project) -> list[str]:
    return [entry.action for entry in project.log.entries()]


def test_a_new_project_has_a_governance_of_this_account(registry: Registry) -> None:
    project = create(registry)
    assert project.governance.roles["owner"].members == (account(),)
    assert project.path.stat().st_mode & 0o077 == 0


def test_the_account_is_not_what_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "somebody-else")
    assert account() != "somebody-else"


def test_there_is_one_project_of_a_name(registry: Registry) -> None:
    create(registry)
    with pytest.raises(OutputError, match="already"):
        create(registry)


@pytest.mark.parametrize("name", ["", "Study", "../x", "a/b", "1st", "a" * 41])
def test_a_name_that_leads_elsewhere_is_refused(registry: Registry, name: str) -> None:
    with pytest.raises(InputError):
        Project(name, registry)


def test_a_change_of_the_governance_is_one_line_of_the_log(registry: Registry) -> None:
    project = create(registry)
    for _ in range(2):
        assert Project("study", registry).governance
    assert actions(project) == ["project.create", "policy.change"]
    project.path.write_text(project.path.read_text().replace("fresh_days = 30", "fresh_days = 7"))
    assert Project("study", registry).governance.recalls.fresh_days == 7
    assert actions(project)[2:] == ["policy.change"]
    assert project.log.verify() == []


def test_projects_share_no_pseudonym(registry: Registry) -> None:
    one, two = create(registry, "one"), create(registry, "two")
    assert one.tokens.person("p-1") != two.tokens.person("p-1")
    assert one.signing_seed != two.signing_seed


def test_an_owner_learns_the_name_and_nobody_else_and_both_are_recorded(registry: Registry) -> None:
    person = registry.add(Enrolled.new("Ada", Consent(seen=True)))
    project = create(registry)
    token = project.tokens.person(person.id)
    assert project.identify(token) == "Ada"
    assert project.identify(project.tokens.stranger("s", "p1")) is None
    project.path.write_text(project.path.read_text().replace(f'members = ["{account()}"]', 'members = ["nobody"]'))
    with pytest.raises(RefusedError):
        Project("study", registry).identify(token)
    said = [(entry.action, entry.outcome) for entry in project.log.entries() if entry.action == "identify"]
    assert said == [("identify", "allowed"), ("identify", "allowed"), ("identify", "refused")]


def test_no_line_of_the_log_bears_a_name(registry: Registry) -> None:
    person = registry.add(Enrolled.new("Ada Lovelace", Consent(seen=True)))
    project = create(registry)
    project.identify(project.tokens.person(person.id))
    text = "".join(entry.model_dump_json() for entry in project.log.entries())
    assert "Ada" not in text
    assert os.environ["DISCREET_HOME"] not in text
    assert f'"{account()}"' not in text
