"""The governance file: what is unknown or undefined is an error, and a change of what people agreed to shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from sharing.policy import Governance, GovernanceError, load_governance


@pytest.mark.parametrize(
    ("where", "key"),
    [((), "remark"), (("roles", "clinician"), "rights"), (("grants", 0), "level"), (("retention", "short"), "hours")],
)
def test_an_unknown_key_is_refused(plain: dict[str, Any], where: tuple[Any, ...], key: str) -> None:
    table = plain
    for step in where:
        table = table[step]
    table[key] = "x"
    with pytest.raises(ValidationError):
        Governance.model_validate(plain)


@pytest.mark.parametrize(
    ("where", "key", "value"),
    [
        (("grants", 0), "role", "clinican"),
        (("grants", 0), "purpose", "supervison"),
        (("grants", 0), "retention", "long"),
        (("grants", 0), "obligations", ["burn"]),
        (("grants", 0), "levels", ["raw"]),
        (("grants", 0), "levels", []),
        (("recipients", "partner"), "role", "nobody"),
        ((), "roles", {"clinician": {"about": "c"}, "researcher": {"about": "r"}}),
    ],
)
def test_a_name_that_is_not_defined_is_refused(
    plain: dict[str, Any], where: tuple[Any, ...], key: str, value: object
) -> None:
    table = plain
    for step in where:
        table = table[step]
    table[key] = value
    with pytest.raises(ValidationError):
        Governance.model_validate(plain)


def test_two_grants_for_the_same_are_refused(plain: dict[str, Any]) -> None:
    plain["grants"].append(plain["grants"][0])
    with pytest.raises(ValidationError, match="two grants"):
        Governance.model_validate(plain)


@pytest.mark.parametrize("content", ["project = ", "version = 2", "remark = 'Ann Smith'"])
def test_what_is_wrong_with_a_file_is_one_line_that_quotes_no_value(tmp_path: Path, content: str) -> None:
    path = tmp_path / "governance.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(GovernanceError) as told:
        load_governance(path)
    assert "\n" not in str(told.value)
    assert "Ann" not in str(told.value)
    assert told.value.remedy


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(GovernanceError) as told:
        load_governance(tmp_path / "none.toml")
    assert "share init" in told.value.remedy


CHANGES: dict[str, tuple[tuple[Any, ...], str, object]] = {
    "other words": (("purposes", "supervision"), "about", "Advice and a talk."),
    "another level": (("grants", 0), "levels", ["deidentified", "transcript", "demo"]),
    "another name of the recipient": (("recipients", "supervisor"), "about", "Another colleague"),
    "a new recipient": (("recipients",), "second", {"role": "clinician", "about": "A second colleague"}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_people_agreed_to_changes_its_terms_and_those_of_no_other_purpose(
    plain: dict[str, Any], governance: Governance, change: str
) -> None:
    where, key, value = CHANGES[change]
    table = plain
    for step in where:
        table = table[step]
    table[key] = value
    after = Governance.model_validate(plain)
    assert after.terms("supervision") != governance.terms("supervision")
    assert after.terms("research") == governance.terms("research")


def test_what_has_nothing_to_do_with_consent_leaves_the_terms(plain: dict[str, Any], governance: Governance) -> None:
    plain["counting"] = {"epsilon": 1.0}
    plain["retention"]["long"] = {"about": "Years.", "days": 900}
    after = Governance.model_validate(plain)
    assert after.terms("supervision") == governance.terms("supervision")
    assert after.digest() != governance.digest()
