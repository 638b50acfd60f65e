"""The audit log: what is written stays, what is changed is found, and nothing is added to a log that was cut."""

from __future__ import annotations

import datetime as dt
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sharing.audit import AuditLog, Damage, Event, FileHead, Head
from timeline import OutputError, UnsafeError

KEY = bytes(range(32))
LINES = 12


def event(n: int = 0) -> Event:
    return Event(actor="user-1", role="clinician", action="read", subject=f"export-{n}", outcome="allowed")


def make(folder: Path, lines: int = LINES) -> AuditLog:
    log = AuditLog(folder / "audit.sqlite", KEY, FileHead(folder / "elsewhere.json"))
    for n in range(lines):
        log.record(event(n))
    return log


def change(log: AuditLog, sql: str, *values: object) -> None:
    with sqlite3.connect(log.path) as db:
        db.execute(sql, values)
    db.close()


def test_lines_are_numbered_from_one_and_keep_what_was_said(tmp_path: Path) -> None:
    at = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    log = AuditLog(tmp_path / "a.sqlite", KEY, FileHead(tmp_path / "h.json"), now=lambda: at)
    assert [log.record(event(n)).number for n in range(3)] == [1, 2, 3]
    assert [entry.subject for entry in log.entries()] == ["export-0", "export-1", "export-2"]
    assert {entry.at for entry in log.entries()} == {at}
    assert log.head().number == 3
    assert log.verify() == []


def test_only_the_owner_can_read_the_log(tmp_path: Path) -> None:
    log = make(tmp_path, 1)
    assert stat.S_IMODE(log.path.stat().st_mode) == 0o600


def test_an_empty_log_is_in_order(tmp_path: Path) -> None:
    assert make(tmp_path, 0).verify() == []


CHANGES: dict[str, Callable[[AuditLog, int], None]] = {
    "content": lambda log, n: change(
        log,
        "UPDATE lines SET line = CAST(replace(CAST(line AS TEXT), 'allowed', 'refused') AS BLOB) WHERE number = ?",
        n,
    ),
    "hash": lambda log, n: change(log, "UPDATE lines SET hash = zeroblob(32) WHERE number = ?", n),
    "seal": lambda log, n: change(log, "UPDATE lines SET seal = zeroblob(32) WHERE number = ?", n),
    "not a line": lambda log, n: change(log, "UPDATE lines SET line = x'00' WHERE number = ?", n),
}


@pytest.mark.parametrize("how", CHANGES)
@pytest.mark.parametrize("number", [1, 5, LINES])
def test_a_changed_line_is_named_and_no_other(tmp_path: Path, how: str, number: int) -> None:
    log = make(tmp_path)
    CHANGES[how](log, number)
    assert log.verify() == [Damage(number, "changed")]


@pytest.mark.parametrize("number", [1, 5, LINES])
def test_a_deleted_line_is_named(tmp_path: Path, number: int) -> None:
    log = make(tmp_path)
    change(log, "DELETE FROM lines WHERE number = ?", number)
    assert log.verify() == [Damage(number, "missing")]


def test_two_lines_that_changed_places_are_both_named(tmp_path: Path) -> None:
    log = make(tmp_path)
    for a, b in ((3, 99), (7, 3), (99, 7)):
        change(log, "UPDATE lines SET number = ? WHERE number = ?", b, a)
    assert log.verify() == [Damage(3, "changed"), Damage(7, "changed")]


def test_a_line_of_another_key_does_not_pass(tmp_path: Path) -> None:
    log = make(tmp_path)
    forger = AuditLog(log.path, bytes(32), FileHead(tmp_path / "forged.json"))
    forger.record(event())
    assert log.verify() == [Damage(LINES + 1, "changed")]


def test_a_line_put_back_from_an_earlier_log_does_not_pass(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    old = make(tmp_path / "old")
    log = make(tmp_path)
    line, seal, hash = sqlite3.connect(old.path).execute("SELECT line, seal, hash FROM lines WHERE number=6").fetchone()
    change(log, "UPDATE lines SET line = ?, seal = ?, hash = ? WHERE number = 6", line, seal, hash)
    assert log.verify() == [Damage(6, "changed")]


def test_a_cut_tail_is_named_line_by_line(tmp_path: Path) -> None:
    log = make(tmp_path)
    change(log, "DELETE FROM lines WHERE number > ?", LINES - 2)
    assert log.verify() == [Damage(LINES - 1, "missing"), Damage(LINES, "missing")]


def test_the_loss_of_the_whole_log_is_noticed(tmp_path: Path) -> None:
    log = make(tmp_path)
    log.path.unlink()
    assert log.verify() == [Damage(number, "missing") for number in range(1, LINES + 1)]


def test_a_log_put_back_together_with_its_head_is_caught_by_the_head_in_an_export(tmp_path: Path) -> None:
    log = make(tmp_path)
    head_in_export = log.head()
    log.path.unlink()
    (tmp_path / "elsewhere.json").unlink()
    assert log.verify() == []
    assert len(log.verify(head_in_export)) == LINES


def test_a_rewritten_history_of_the_same_length_is_caught_by_the_head_in_an_export(tmp_path: Path) -> None:
    log = make(tmp_path)
    assert log.verify(Head(number=4, hash="0" * 64)) == [Damage(4, "changed")]


def test_nothing_is_added_to_a_log_that_was_cut(tmp_path: Path) -> None:
    log = make(tmp_path)
    change(log, "DELETE FROM lines WHERE number = ?", LINES)
    with pytest.raises(UnsafeError, match=f"ends at line {LINES - 1}"):
        log.record(event())
    assert len(log.entries()) == LINES - 1


def test_a_head_that_cannot_be_read_stops_everything(tmp_path: Path) -> None:
    log = make(tmp_path)
    (tmp_path / "elsewhere.json").write_text("{}}")
    with pytest.raises(UnsafeError):
        log.record(event())
    with pytest.raises(UnsafeError):
        log.verify()


def test_what_cannot_be_written_is_refused(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "no-such-folder" / "audit.sqlite", KEY, FileHead(tmp_path / "h.json"))
    with pytest.raises((OutputError, OSError)):
        log.record(event())


def test_a_file_that_is_no_log_is_refused(tmp_path: Path) -> None:
    (tmp_path / "audit.sqlite").write_bytes(b"not a database" * 100)
    log = AuditLog(tmp_path / "audit.sqlite", KEY, FileHead(tmp_path / "h.json"))
    with pytest.raises(OutputError):
        log.record(event())
    with pytest.raises(UnsafeError):
        log.verify()


WRITER = """
import sys
from pathlib import Path
from sharing.audit import AuditLog, Event, FileHead
log = AuditLog(Path(sys.argv[1]), bytes(range(32)), FileHead(Path(sys.argv[2])))
for n in range(20):
    log.record(Event(actor=sys.argv[3], action="read"))
"""


def test_two_processes_write_one_chain(tmp_path: Path) -> None:
    places = [str(tmp_path / "audit.sqlite"), str(tmp_path / "head.json")]
    root = Path(__file__).parents[3]
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, *places, who], cwd=root) for who in ("a", "b")]
    assert [writer.wait() for writer in writers] == [0, 0]
    log = AuditLog(Path(places[0]), KEY, FileHead(Path(places[1])))
    assert log.verify() == []
    assert sorted(entry.actor for entry in log.entries()) == ["a"] * 20 + ["b"] * 20


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.integers(1, LINES), at=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_any_flipped_byte_of_a_line_is_found(tmp_path: Path, number: int, at: int, flip: int) -> None:
    for file in tmp_path.iterdir():
        file.unlink()
    log = make(tmp_path)
    (line,) = sqlite3.connect(log.path).execute("SELECT line FROM lines WHERE number = ?", (number,)).fetchone()
    changed = bytearray(line)
    changed[at % len(changed)] ^= flip
    change(log, "UPDATE lines SET line = ? WHERE number = ?", bytes(changed), number)
    assert log.verify() == [Damage(number, "changed")]


KILLED = """
import os, sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("PRAGMA synchronous=FULL")
db.execute("PRAGMA cache_spill=1")
db.execute("PRAGMA cache_size=1")
db.execute("BEGIN IMMEDIATE")
for n in range(1000, 1400):
    db.execute("INSERT INTO lines VALUES (?, randomblob(400), x'00', x'00')", (n,))
os._exit(9)
"""


def test_a_log_whose_writer_was_killed_can_be_read_and_holds_what_was_committed(tmp_path: Path) -> None:
    log = make(tmp_path)
    subprocess.run([sys.executable, "-c", KILLED, str(log.path)], check=False)
    assert log.path.with_name(f"{log.path.name}-journal").exists(), "the writer left its work half done"
    assert (log.head().number, len(log.entries()), log.verify()) == (LINES, LINES, [])
