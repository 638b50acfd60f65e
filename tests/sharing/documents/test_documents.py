"""Documents: they say what the governance in force says, with figures and open points, and nobody's name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from sharing.documents import Facts, impact_assessment, participants_page, procedures
from sharing.documents.facts import FIGURES
from sharing.documents.impact import impact_assessment as _impact
from sharing.documents.participants import participants_page as _participants
from sharing.documents.procedures import STEPS
from sharing.exports import ExportRecord
from sharing.policy import Governance
from tests.sharing.policy.conftest import PLAIN

AT = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
RECORD = ExportRecord(
    id="E-AAAAAAAAAAAAA",
    at=AT,
    recipient="partner",
    role="researcher",
    purpose="research",
    level="aggregate",
    keep_until=AT.date(),
    recalled=AT,
)


@pytest.fixture
def facts() -> Facts:
    return Facts(
        "study",
        Governance.model_validate(PLAIN),
        "2026-03-01",
        exports=(RECORD,),
        models={"yunet": "ab" * 32},
        budget_spent=1.5,
        people={"research: given": 2},
        log_lines=12,
        open_points=("No address for recalls.",),
    )


EVERY: list[Callable[[Facts], str]] = [procedures, participants_page, impact_assessment]


@pytest.mark.parametrize("document", EVERY)
def test_every_grant_and_no_other_stands_in_each(facts: Facts, document: Callable[[Facts], str]) -> None:
    text = document(facts)
    assert "30 days" in text
    assert "aggregate" in text or "counts" in text
    assert "synthetic" not in text.replace("made-up", "")
    assert text == document(facts)


def test_a_changed_governance_changes_the_documents(facts: Facts) -> None:
    changed = Governance.model_validate(
        {**PLAIN, "retention": {"short": {"about": "A week.", "days": 7}}, "recalls": {"fresh_days": 5}}
    )
    for document in EVERY:
        text = document(Facts("study", changed, "2026-03-01"))
        assert "7 days" in text
        assert "30 days" not in text


def test_procedures_hold_steps_models_settings_and_measured_limits(facts: Facts) -> None:
    text = procedures(facts)
    for told in (STEPS[0], "yunet", "ab" * 32, FIGURES[0].value, "epsilon 4", "No address for recalls."):
        assert told in text


def test_participants_are_told_in_plain_words_whom_to_write_to_and_who_receives_what(facts: Facts) -> None:
    text = _participants(facts)
    for told in ("A university", "A colleague", "A study.", "Destroy it.", "Write to mail@example.org", "withdraw"):
        assert told in text


def test_the_assessment_counts_what_was_given_away_and_says_if_the_log_is_damaged(facts: Facts) -> None:
    text = _impact(facts)
    assert "| aggregate | research | 1 |" in text
    assert "1 recalled" in text
    assert "1.5 of 4 spent" in text
    assert "12 lines, in order" in text
    damaged = Facts("study", facts.governance, "2026-03-01", log_lines=12, log_damage=("line 4 was changed",))
    assert "NOT in order: line 4 was changed" in _impact(damaged)
