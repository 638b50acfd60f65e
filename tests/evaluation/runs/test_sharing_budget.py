"""The measurement of the budget: it meets its marks, and a budget that forgets does not."""

from __future__ import annotations

import pytest

from evaluation.runs import sharing_budget
from sharing.levels import Budget


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing_budget, "COST", 0.01)
    monkeypatch.setattr(sharing_budget, "KILLS", 5)


def test_the_budget_is_kept() -> None:
    assert all(met for *_, met in sharing_budget.budget())


def test_a_budget_that_writes_nothing_down_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Budget, "spent", lambda self: 0.0)
    monkeypatch.setattr(sharing_budget, "LONGEST_S", 0.3)
    assert not all(met for *_, met in list(sharing_budget.budget())[1:])
