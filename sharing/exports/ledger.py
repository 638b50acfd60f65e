"""The ledger of a project: which export went to whom, with whose data, in which files, and whether it was recalled.

It holds pseudonyms, never names. It is an SQLite file, mode 0600; every change is one transaction.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import AwareDatetime, Field

from sharing.private_database import connect
from timeline import Document, InputError, OutputError

_TABLES = """
CREATE TABLE IF NOT EXISTS facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS exports
(id TEXT PRIMARY KEY, record TEXT NOT NULL, recalled TEXT, reason TEXT, destroyed TEXT) STRICT;
CREATE TABLE IF NOT EXISTS people (export TEXT NOT NULL, token TEXT NOT NULL, PRIMARY KEY (token, export)) STRICT;
"""


class ExportRecord(Document):
    """One export.

    Attributes:
        id: of the export, random.
        at: when it was made.
        recipient: who got it, by the governance's name.
        role: the recipient's role.
        purpose: what it is for.
        level: the kind of export.
        keep_until: the last day on which the recipient may keep it.
        people: pseudonyms of everybody whose data it holds.
        sessions: pseudonyms of the sessions.
        files: file name -> SHA-256 in hex.
        place: the folder it was written to, on this computer.
        recalled: when it was recalled; None if it was not.
        reason: why it was recalled.
        destroyed: when its destruction was certified.
    """

    id: str = Field(pattern=r"^E-[A-Z2-7]{13}$")
    at: AwareDatetime
    recipient: str
    role: str
    purpose: str
    level: str
    keep_until: dt.date
    people: tuple[str, ...] = ()
    sessions: tuple[str, ...] = ()
    files: dict[str, str] = Field(default_factory=dict)
    place: str = ""
    recalled: AwareDatetime | None = None
    reason: str = ""
    destroyed: AwareDatetime | None = None


class Ledger:
    """All exports of one project. Several processes may use it at the same time.

    Args:
        path: the SQLite file; made if it does not exist.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, record: ExportRecord) -> None:
        """Store an export. Raises OutputError if that fails: then nothing may leave."""
        with self._changing() as db:
            db.execute("INSERT INTO exports (id, record) VALUES (?, ?)", (record.id, record.model_dump_json()))
            db.executemany("INSERT INTO people VALUES (?, ?)", [(record.id, token) for token in set(record.people)])

    def remove(self, id: str) -> None:
        """Take out an export that was added and then not served."""
        with self._changing() as db:
            db.execute("DELETE FROM exports WHERE id = ?", (id,))
            db.execute("DELETE FROM people WHERE export = ?", (id,))

    def all(self) -> list[ExportRecord]:
        """Every export, oldest first."""
        return self._where("1 = 1")

    def get(self, id: str) -> ExportRecord:
        """The export of that id. Raises InputError if there is none."""
        found = self._where("id = ?", id)
        if not found:
            raise InputError(f"there is no export {id}", "discreet share list lists them all")
        return found[0]

    def with_person(self, token: str) -> list[ExportRecord]:
        """Every export that holds that person's data."""
        return self._where("id IN (SELECT export FROM people WHERE token = ?)", token)

    def recall(self, ids: Iterable[str], reason: str, at: dt.datetime) -> None:
        """Mark exports as recalled, all or none; one that was recalled before is unchanged."""
        with self._changing() as db:
            db.executemany(
                "UPDATE exports SET recalled = ?, reason = ? WHERE id = ? AND recalled IS NULL",
                [(at.isoformat(), reason, id) for id in ids],
            )

    def add_person(self, known: str, token: str) -> None:
        """Record that every export with the person ``known`` holds data of the person ``token``: they are the same."""
        with self._changing() as db:
            db.execute(
                "INSERT OR IGNORE INTO people SELECT export, ? FROM people WHERE token = ?",
                (token, known),
            )

    def mark_destroyed(self, id: str, at: dt.datetime) -> None:
        """Record that the destruction of an export was certified."""
        with self._changing() as db:
            db.execute("UPDATE exports SET destroyed = ? WHERE id = ?", (at.isoformat(), id))

    def fact(self, key: str) -> str | None:
        """The fact about the project stored under ``key``, or None."""
        with self._open() as db:
            row = db.execute("SELECT value FROM facts WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def set_fact(self, key: str, value: str) -> None:
        """Store a fact about the project."""
        with self._changing() as db:
            db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (key, value))

    def _where(self, condition: str, *values: str) -> list[ExportRecord]:
        with self._open() as db:
            rows = db.execute(
                f"SELECT record, recalled, reason, destroyed FROM exports WHERE {condition} ORDER BY rowid",  # noqa: S608
                values,
            ).fetchall()
        return [_record(*row) for row in rows]

    @contextlib.contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            yield db
            db.execute("COMMIT")

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            db = connect(self.path)
            try:
                db.executescript(_TABLES)
                yield db
            finally:
                db.close()  # changes that were not committed are rolled back
        except (sqlite3.Error, OSError) as error:
            raise OutputError(
                f"the ledger of exports cannot be used ({type(error).__name__})",
                "free some disk space or check its permissions",
            ) from error


def _record(record: str, recalled: str | None, reason: str | None, destroyed: str | None) -> ExportRecord:
    found = ExportRecord.model_validate_json(record)
    return found.model_copy(
        update={
            "recalled": dt.datetime.fromisoformat(recalled) if recalled else None,
            "reason": reason or "",
            "destroyed": dt.datetime.fromisoformat(destroyed) if destroyed else None,
        }
    )
