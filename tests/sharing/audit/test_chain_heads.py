"""Heads of the log: in a file, in the keyring, in both; a cut log is noticed while one of them is left."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import keyring
import pytest

from sharing.audit import AuditLog, Event, FileHead, Head, KeyringHead, LatestHead
from tests.registered.test_vault import MemoryKeyring, memory_keyring  # noqa: F401  (a fixture)
from timeline import UnsafeError

HEADS = [Head(number=n, hash=f"{n:064x}") for n in (1, 2)]


def test_there_is_no_head_before_one_was_written(tmp_path: Path) -> None:
    assert FileHead(tmp_path / "head.json").read() is None


def test_the_head_written_last_is_read_back_and_private(tmp_path: Path) -> None:
    store = FileHead(tmp_path / "head.json")
    for number in (1, 2):
        store.write(Head(number=number, hash=f"{number}" * 64))
    assert store.read() == Head(number=2, hash="2" * 64)
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "content", [b"", b"{", b'{"number": -1}', b'{"number": 1, "hash": "x"}', b'{"more": 1}', b"\xff"]
)
def test_a_damaged_head_stops_everything(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "head.json"
    path.write_bytes(content)
    with pytest.raises(UnsafeError, match="cannot be read"):
        FileHead(path).read()


def test_a_head_that_cannot_be_opened_is_not_an_empty_log(tmp_path: Path) -> None:
    (tmp_path / "head.json").mkdir()
    with pytest.raises(UnsafeError):
        FileHead(tmp_path / "head.json").read()


def test_the_keyring_keeps_a_head(memory_keyring: MemoryKeyring) -> None:  # noqa: F811
    head = KeyringHead("audit-1")
    assert head.read() is None
    head.write(HEADS[1])
    assert head.read() == HEADS[1]
    assert KeyringHead("audit-2").read() is None


def test_a_keyring_that_does_not_answer_is_told(memory_keyring: MemoryKeyring) -> None:  # noqa: F811
    memory_keyring.locked = True
    with pytest.raises(UnsafeError):
        KeyringHead("audit-1").read()


def test_something_else_in_the_keyring_is_told(memory_keyring: MemoryKeyring) -> None:  # noqa: F811
    keyring.get_keyring().set_password("discreet", "audit-1", "{}x")
    with pytest.raises(UnsafeError):
        KeyringHead("audit-1").read()


@pytest.mark.parametrize("later", [0, 1])
def test_of_several_places_the_latest_counts(tmp_path: Path, later: int) -> None:
    places = [FileHead(tmp_path / "a"), FileHead(tmp_path / "b")]
    both = LatestHead(places)
    assert both.read() is None
    places[later].write(HEADS[1])
    places[1 - later].write(HEADS[0])
    assert both.read() == HEADS[1]
    both.write(HEADS[1])
    assert [place.read() for place in places] == [HEADS[1]] * 2


def test_a_log_that_was_cut_together_with_the_file_is_noticed_by_the_keyring(
    tmp_path: Path,
    memory_keyring: MemoryKeyring,  # noqa: F811
) -> None:
    log = AuditLog(
        tmp_path / "audit.sqlite", bytes(32), LatestHead([FileHead(tmp_path / "head"), KeyringHead("audit-1")])
    )
    for _ in range(3):
        log.record(Event(actor="u", action="read", outcome="allowed"))
    with sqlite3.connect(log.path) as db:
        db.execute("DELETE FROM lines WHERE number = 3")
    db.close()
    (tmp_path / "head").unlink()
    assert [str(damage) for damage in log.verify()] == ["line 3 is missing"]
    with pytest.raises(UnsafeError):
        log.record(Event(actor="u", action="read", outcome="allowed"))
