"""A governance, facts about an export, and two signers."""

from __future__ import annotations

import datetime as dt

import pytest

from sharing.exports import ExportFacts, Signer
from sharing.policy import Governance
from tests.sharing.policy.conftest import PLAIN

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _extra() -> None:
    pytest.importorskip("securesystemslib")


@pytest.fixture
def governance() -> Governance:
    """As in the tests of the policy."""
    return Governance.model_validate(PLAIN)


@pytest.fixture
def signer() -> Signer:
    """The sender's."""
    return Signer(bytes(32))


@pytest.fixture
def facts() -> ExportFacts:
    """About one export."""
    return ExportFacts(
        id="E-AAAAAAAAAAAAA",
        project="Study",
        controller="The practice",
        contact="mail@example.org",
        recipient="supervisor",
        role="clinician",
        purpose="supervision",
        level="transcript",
        issued=AT,
        keep_until="2026-03-31",
        obligations=("Destroy it.",),
    )
