"""Decisions: only what the governance grants is allowed, and whatever is missing, mistyped or unknown is denied."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registered import GIVEN
from sharing.policy import LEVELS, Decisions, Governance
from tests.sharing.policy.conftest import PLAIN

pytest.importorskip("cedarpy")
GOVERNANCE = Governance.model_validate(PLAIN)
DECISIONS = Decisions(GOVERNANCE)
WORDS = st.one_of(
    st.sampled_from(
        ["supervisor", "partner", "clinician", "researcher", "supervision", "research", "transcript", GIVEN]
    ),
    st.text(max_size=12),
)
RIGHT = {"level": "transcript"}, {"role": "clinician", "purpose": "supervision"}


def granted(recipient: str, role: str, purpose: str, level: str) -> bool:
    """The same rule, in one line of Python over the plain tables."""
    known = PLAIN["recipients"].get(recipient, {}).get("role") == role
    return known and any((g["role"], g["purpose"]) == (role, purpose) and level in g["levels"] for g in PLAIN["grants"])


@pytest.mark.parametrize("recipient", [*PLAIN["recipients"], "stranger"])
def test_every_role_level_and_purpose_is_decided_as_the_table_says(recipient: str) -> None:
    roles, purposes = [*PLAIN["roles"], "undefined"], [*PLAIN["purposes"], "undefined"]
    for role, purpose, level in product(roles, purposes, [*LEVELS, "raw"]):
        decision = DECISIONS.export(recipient, role, purpose, level)
        assert bool(decision) == granted(recipient, role, purpose, level), (role, purpose, level)
        assert decision.reason


@pytest.mark.parametrize("state", [GIVEN, "expired", "other purpose", "opted out", "not enrolled", ""])
def test_somebody_is_included_only_with_consent_that_is_given(state: str) -> None:
    assert bool(DECISIONS.include("supervisor", "clinician", "supervision", state)) == (state == GIVEN)
    assert not DECISIONS.include("supervisor", "clinician", "research", state)
    assert not DECISIONS.include("stranger", "clinician", "supervision", state)


@given(WORDS, WORDS, WORDS, WORDS)
def test_whatever_is_asked_nothing_beyond_the_table_is_allowed(who: str, role: str, purpose: str, level: str) -> None:
    assert bool(DECISIONS.export(who, role, purpose, level)) == granted(who, role, purpose, level)


def test_the_request_that_the_following_tests_spoil_is_allowed() -> None:
    assert DECISIONS.ask("export", "supervisor", *RIGHT)


@pytest.mark.parametrize("missing", ["level", "role", "purpose"])
def test_a_missing_attribute_denies(missing: str) -> None:
    resource, context = ({k: v for k, v in table.items() if k != missing} for table in RIGHT)
    assert not DECISIONS.ask("export", "supervisor", resource, context)


@given(
    attribute=st.sampled_from(["level", "role", "purpose"]),
    value=st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.lists(WORDS), st.dictionaries(WORDS, WORDS)
    ),
)
def test_a_mistyped_attribute_denies(attribute: str, value: Any) -> None:
    resource, context = ({k: value if k == attribute else v for k, v in table.items()} for table in RIGHT)
    assert not DECISIONS.ask("export", "supervisor", resource, context)


@given(st.text(min_size=1, max_size=8), st.text(max_size=8))
def test_an_attribute_that_the_schema_does_not_have_denies(name: str, value: str) -> None:
    if name in ("role", "purpose"):
        return
    assert not DECISIONS.ask("export", "supervisor", RIGHT[0], {**RIGHT[1], name: value})


@given(st.text(max_size=12))
def test_an_action_that_is_not_known_denies(action: str) -> None:
    if action != "export":
        assert not DECISIONS.ask(action, "supervisor", *RIGHT)


def test_a_governance_without_grants_denies(plain: dict[str, Any]) -> None:
    plain["grants"] = []
    assert not Decisions(Governance.model_validate(plain)).ask("export", "supervisor", *RIGHT)
