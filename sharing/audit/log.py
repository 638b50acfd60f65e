"""The audit log in an append-only SQLite file; each line is on disk before anything else happens.

Every line carries a keyed hash of itself and the hash of the line before (:mod:`sharing.audit.chain`), as in a
tamper-evident log after Schneier and Kelsey, "Secure Audit Logs to Support Computer Forensics" (1999).
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from sharing.audit.chain import GENESIS, Entry, Event, link, seal
from sharing.audit.chain_heads import Head, HeadStore
from sharing.private_database import connect, connect_to_read
from timeline import OutputError, UnsafeError

_TABLE = """CREATE TABLE IF NOT EXISTS lines
(number INTEGER PRIMARY KEY, line BLOB NOT NULL, seal BLOB NOT NULL, hash BLOB NOT NULL) STRICT"""


@dataclass(frozen=True, slots=True)
class Damage:
    """Damage to one line of the log.

    Attributes:
        number: the number of the line.
        kind: "changed": its content or its hash is not what was written; "missing": it is no longer there.
    """

    number: int
    kind: Literal["changed", "missing"]

    def __str__(self) -> str:
        return f"line {self.number} {'was changed' if self.kind == 'changed' else 'is missing'}"


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    line: bytes
    seal: bytes
    hash: bytes


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class AuditLog:
    """One log. Several processes may write to it at the same time.

    Args:
        path: the SQLite file; made with mode 0600 if it does not exist.
        key: 32 secret bytes, see :meth:`registered.Vault.secret`.
        head: stores the head, away from ``path``.
        now: the clock, for tests.
    """

    def __init__(self, path: Path, key: bytes, head: HeadStore, now: Callable[[], dt.datetime] = _now) -> None:
        self.path, self._key, self._head, self._now = path, key, head, now

    def record(self, event: Event) -> Entry:
        """Add a line; when this returns, the line is on disk. Do the logged action only afterwards.

        Raises:
            UnsafeError: the log was shortened or removed, so nothing may be added to it.
            OutputError: the line cannot be written; the action must not happen.
        """
        try:
            with self._open() as db:
                db.execute("BEGIN IMMEDIATE")
                last = db.execute("SELECT number, hash FROM lines ORDER BY number DESC LIMIT 1").fetchone()
                number, before = (int(last[0]), bytes(last[1])) if last else (0, GENESIS)
                self._refuse_a_shorter_log(number)
                entry = Entry.of(event, number + 1, self._now())
                line = entry.canonical()
                hash = link(self._key, before, line)
                db.execute("INSERT INTO lines VALUES (?, ?, ?, ?)", (entry.number, line, seal(self._key, line), hash))
                db.execute("COMMIT")
                self._keep_head(Head(number=entry.number, hash=hash.hex()))
        except sqlite3.Error as error:
            raise OutputError(
                f"the audit log cannot be written ({type(error).__name__})",
                "free some disk space or check its permissions; nothing is shared without a line in the log",
            ) from error
        return entry

    def entries(self) -> list[Entry]:
        """All lines that can be read, oldest first. Their hashes are not checked here: call :meth:`verify` first."""
        found = (_entry(row.line) for row in self._rows())
        return [entry for entry in found if entry is not None]

    def head(self) -> Head:
        """The last line now in the log; an export carries this."""
        rows = self._rows("ORDER BY number DESC LIMIT 1")
        return Head(number=rows[-1].number, hash=rows[-1].hash.hex()) if rows else Head()

    def verify(self, *known: Head) -> list[Damage]:
        """Damage to the log, sorted by line number; empty if there is none.

        Args:
            known: heads from elsewhere, such as those in exports. The stored head is always checked.

        Raises:
            UnsafeError: the stored head cannot be read.
        """
        rows = self._rows()
        damage = self._damaged_lines(rows)
        last = rows[-1].number if rows else 0
        hashes = {row.number: row.hash.hex() for row in rows}
        kept = self._head.read()
        for head in (*([kept] if kept else []), *known):
            damage += [Damage(lost, "missing") for lost in range(last + 1, head.number + 1)]
            if head.number in hashes and hashes[head.number] != head.hash:
                damage.append(Damage(head.number, "changed"))
        return sorted(set(damage), key=lambda found: (found.number, found.kind))

    def _damaged_lines(self, rows: list[_Row]) -> list[Damage]:
        damage = []
        before: bytes | None = GENESIS
        expected = 1  # ``before`` is None after damage: the hash to which the next line was chained is unknown
        for row in rows:
            if row.number != expected:
                damage += [Damage(lost, "missing") for lost in range(expected, row.number)]
                before = None
            intact = self._sealed(row) and (before is None or link(self._key, before, row.line) == row.hash)
            if not intact:
                damage.append(Damage(row.number, "changed"))
            before, expected = row.hash if intact else None, row.number + 1
        return damage

    def _sealed(self, row: _Row) -> bool:
        entry = _entry(row.line)
        return entry is not None and entry.number == row.number and seal(self._key, row.line) == row.seal

    def _refuse_a_shorter_log(self, number: int) -> None:
        kept = self._head.read()
        if kept is not None and kept.number > number:
            raise UnsafeError(
                f"the audit log ends at line {number}, but had {kept.number} lines",
                "restore the log from a backup; nothing is shared until then",
            )

    def _keep_head(self, head: Head) -> None:
        # Since the write lock was released, another process may have stored a later head: a head never goes back.
        kept = self._head.read()
        if kept is None or kept.number < head.number:
            self._head.write(head)

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        db = connect(self.path)
        try:
            db.execute(_TABLE)
            yield db
        finally:
            db.close()

    def _rows(self, which: str = "ORDER BY number") -> list[_Row]:
        if not os.path.lexists(self.path):
            return []
        try:
            db = connect_to_read(self.path)
            try:
                rows = db.execute(f"SELECT number, line, seal, hash FROM lines {which}").fetchall()  # noqa: S608
            finally:
                db.close()
        except sqlite3.Error as error:
            raise UnsafeError(
                f"the audit log cannot be read ({type(error).__name__})", "restore it from a backup"
            ) from error
        return [_Row(*row) for row in rows]


def _entry(line: bytes) -> Entry | None:
    try:
        return Entry.model_validate_json(line)
    except ValidationError:
        return None
