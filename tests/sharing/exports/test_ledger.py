"""The ledger: every export is found again by whom it is about, and a recall is never taken back."""

from __future__ import annotations

import datetime as dt
import stat
from pathlib import Path

import pytest

from sharing.exports import ExportRecord, Ledger
from timeline import InputError, OutputError

AT = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


def record(letter: str, *people: str) -> ExportRecord:
    return ExportRecord(
        id=f"E-{letter * 13}",
        at=AT,
        recipient="partner",
        role="researcher",
        purpose="research",
        level="transcript",
        keep_until=AT.date(),
        people=people,
        files={"data/a.txt": "0" * 64},
    )


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    for one in (record("A", "P-1", "P-2"), record("B", "P-2", "P-2"), record("C")):
        ledger.add(one)
    return ledger


def test_exports_come_back_as_they_were_kept_oldest_first(ledger: Ledger) -> None:
    assert ledger.all() == [record("A", "P-1", "P-2"), record("B", "P-2", "P-2"), record("C")]
    assert stat.S_IMODE(ledger.path.stat().st_mode) == 0o600


def test_a_person_leads_to_their_exports_and_no_other(ledger: Ledger) -> None:
    assert [one.id[2] for one in ledger.with_person("P-2")] == ["A", "B"]
    assert [one.id[2] for one in ledger.with_person("P-1")] == ["A"]
    assert ledger.with_person("P-3") == []


def test_a_recall_stays_with_its_first_day_and_reason(ledger: Ledger) -> None:
    ledger.recall(["E-" + "A" * 13], "withdrawn", AT)
    ledger.recall(["E-" + "A" * 13, "E-" + "B" * 13], "again", AT + dt.timedelta(days=1))
    assert [(one.reason, one.recalled) for one in ledger.all()] == [
        ("withdrawn", AT),
        ("again", AT + dt.timedelta(days=1)),
        ("", None),
    ]


def test_an_export_cannot_be_kept_twice(ledger: Ledger) -> None:
    with pytest.raises(OutputError):
        ledger.add(record("A"))
    assert len(ledger.all()) == 3


def test_an_unknown_export_is_told(ledger: Ledger) -> None:
    with pytest.raises(InputError):
        ledger.get("E-" + "Z" * 13)


def test_destruction_is_noted(ledger: Ledger) -> None:
    ledger.mark_destroyed("E-" + "C" * 13, AT)
    assert ledger.get("E-" + "C" * 13).destroyed == AT


def test_facts_are_kept_by_key(ledger: Ledger) -> None:
    assert ledger.fact("governance") is None
    ledger.set_fact("governance", "a")
    ledger.set_fact("governance", "b")
    assert ledger.fact("governance") == "b"


def test_what_is_no_ledger_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").write_bytes(b"not a database, but long enough to be read as one" * 100)
    with pytest.raises(OutputError, match="ledger"):
        Ledger(tmp_path / "ledger.sqlite").all()
