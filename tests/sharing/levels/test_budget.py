"""The privacy budget: what is released was spent before, and nobody spends more than there is."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.levels import Budget
from timeline import OutputError, RefusedError


def test_spending_adds_up_and_stops_at_the_total(tmp_path: Path) -> None:
    budget = Budget(tmp_path / "b.sqlite", 1.0)
    assert budget.release(0.4, "one", lambda: 7) == 7
    budget.release(0.6, "two", lambda: 0)
    assert budget.spent() == 1.0
    with pytest.raises(RefusedError):
        budget.release(1e-6, "three", lambda: 0)


@given(st.lists(st.floats(1e-6, 1.0), max_size=12))
def test_whatever_is_asked_the_total_is_kept(asked: list[float]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        budget = Budget(Path(folder) / "b.sqlite", 1.0)
        granted = 0.0
        for epsilon in asked:
            try:
                granted += budget.release(epsilon, "x", lambda e=epsilon: e)
            except RefusedError:
                assert granted + epsilon > 1.0 - 2e-5
        assert granted <= 1.0 + 1e-12


def test_what_could_not_be_drawn_was_not_spent(tmp_path: Path) -> None:
    budget = Budget(tmp_path / "b.sqlite", 1.0)
    with pytest.raises(ZeroDivisionError):
        budget.release(0.5, "x", lambda: 1 // 0)
    assert budget.spent() == 0.0


def test_what_is_drawn_is_given_only_after_it_is_on_disk(tmp_path: Path) -> None:
    path = tmp_path / "b.sqlite"
    code = (
        "import os, sys; from pathlib import Path; from sharing.levels import Budget\n"
        f"Budget(Path({str(path)!r}), 1.0).release(0.5, 'x', lambda: 1); print('released', flush=True); os._exit(9)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "released"
    assert Budget(path, 1.0).spent() == 0.5


def _spender(path: Path) -> int:
    granted = 0
    for _ in range(30):
        try:
            granted += Budget(path, 1.0).release(0.05, "x", lambda: 1)
        except RefusedError:
            break
    return granted


def test_two_processes_together_do_not_overspend(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        granted = pool.map(_spender, [tmp_path / "b.sqlite"] * 2)
    assert sum(granted) == 20


@pytest.mark.parametrize("epsilon", [0.0, -1.0, float("nan"), float("inf")])
def test_a_cost_is_a_positive_number(tmp_path: Path, epsilon: float) -> None:
    with pytest.raises(ValueError, match="greater than 0"):
        Budget(tmp_path / "b.sqlite", 1.0).release(epsilon, "x", lambda: 0)


def test_a_damaged_budget_releases_nothing(tmp_path: Path) -> None:
    path = tmp_path / "b.sqlite"
    path.write_bytes(os.urandom(4096))
    with pytest.raises((OutputError, sqlite3.DatabaseError)):
        Budget(path, 1.0).release(0.1, "x", lambda: pytest.fail("drawn"))
