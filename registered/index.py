"""The sealed index of a registry: which records exist and their hashes, so that none can be swapped.

A record by itself is sealed, but an old one that is put back is as genuine as the new one, and a deleted one leaves no
trace. Both would harm people: an old record restores a withdrawn consent, and a deleted one turns a person who opted
out into a stranger. The index holds the hash of every record. It counts its changes, and the count is also kept outside
the folder, so that an old copy of the whole folder is noticed. Where that count or the index is missing, nobody is
recognised either, or removing both would be enough to put an old folder back.

A change is announced in the index before the record is written. After a crash, both the old and the new record are
accepted, so nobody is lost.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from registered.files import write_private
from registered.people import ID
from registered.rollback_counter import RollbackCounter
from registered.vault import SealError, Vault
from timeline import Document, OutputError, PeopleError, read_file

FILE = "index.sealed"
RECORD = ".person"
"""Ending of the file of a record."""
_AAD = b"registry index"


class IndexState(Document):
    """The content of the index.

    Attributes:
        count: the number of changes; it only grows.
        records: id -> SHA-256 of the sealed record, hex.
        pending: id -> the hash that a record is about to get; empty if it is about to be removed.
    """

    format: Literal[1] = 1
    count: int = Field(0, ge=0)
    records: dict[str, str] = Field(default_factory=dict)
    pending: dict[str, str] = Field(default_factory=dict)


def record_paths(folder: Path) -> dict[str, Path]:
    """Id -> path of every record in the folder of a registry."""
    found = {path.name.removesuffix(RECORD): path for path in sorted(folder.glob(f"p-*{RECORD}"))}
    return {id: path for id, path in found.items() if ID.match(id)}


def hash_of(sealed: bytes) -> str:
    """The SHA-256 of a sealed record, hex, as kept in the index."""
    return hashlib.sha256(sealed).hexdigest()


@dataclass(frozen=True, slots=True)
class Index:
    """The index of one folder.

    Attributes:
        folder: of the registry.
        vault: seals it.
        counter: keeps the count outside the folder; None: it is not kept.
    """

    folder: Path
    vault: Vault
    counter: RollbackCounter | None = None

    def read(self) -> IndexState | None:
        """The content of the index; None if nobody was ever enrolled.

        Raises:
            PeopleError: it is gone, damaged, or an older version, or its count outside the folder is gone.
        """
        kept = self.counter.read() if self.counter is not None else None
        try:
            sealed = read_file(self.folder / FILE)
        except FileNotFoundError:
            if kept or record_paths(self.folder):
                raise PeopleError("the index of enrolled people is missing", REMEDY) from None
            return None
        except OSError as error:
            raise PeopleError(f"the index of enrolled people cannot be read: {error.strerror}", REMEDY) from error
        try:
            state = self._open(sealed)
        except (SealError, ValidationError):
            raise PeopleError("the index of enrolled people was changed or is damaged", REMEDY) from None
        if kept is None and self.counter is not None and state.count:
            raise PeopleError(
                "the count of changes that is kept outside the folder is missing, so this may be an older copy", REMEDY
            )
        if kept is not None and kept > state.count:
            raise PeopleError(
                f"the enrolled people are an older copy: {state.count} changes of {kept} are in it", REMEDY
            )
        return state

    def announce(self, state: IndexState, id: str, hash: str) -> IndexState:
        """Record that ``id`` is about to get this hash, or (empty) to be removed. Call it before the change.

        Raises:
            OutputError: the index cannot be written; do not change the record then.
        """
        return self._write(state.model_copy(update={"pending": {**state.pending, id: hash}}))

    def settle(self, state: IndexState, id: str) -> IndexState:
        """Record that the announced change of ``id`` is done. Raises OutputError if the index cannot be written."""
        pending = dict(state.pending)
        hash = pending.pop(id)
        records = {key: value for key, value in state.records.items() if key != id}
        if hash:
            records[id] = hash
        return self._write(state.model_copy(update={"records": records, "pending": pending}))

    def resolve(self, state: IndexState, hashes: Mapping[str, str]) -> IndexState:
        """Settle changes that a crash interrupted, according to the existing records. Call it while holding the
        folder's lock.

        Args:
            state: of the index.
            hashes: id -> hash of every existing record.

        Raises:
            OutputError: the index cannot be written.
        """
        if not state.pending:
            return state
        records = dict(state.records)
        for id, hash in state.pending.items():
            if hash and hashes.get(id) == hash:
                records[id] = hash
            elif not hash and id not in hashes:
                records.pop(id, None)
        return self._write(state.model_copy(update={"records": records, "pending": {}}))

    def accept(self, records: Mapping[str, str]) -> IndexState:
        """Start a new index with these records (id -> hash): for a new folder, or a backup restored on purpose.

        Raises:
            OutputError: the index cannot be written.
        """
        kept = self.counter.read() if self.counter is not None else 0
        count = kept or 0
        # The old index may be untrustworthy, which is why a new one is started.
        with contextlib.suppress(OSError, SealError, ValidationError):
            count = max(count, self._open(read_file(self.folder / FILE)).count)
        if kept is None and self.counter is not None:
            # Before the index: after a crash between the two, a count without an index is one of nobody.
            self.counter.write(0)
        return self._write(IndexState(count=count, records=dict(records)))

    def _open(self, sealed: bytes) -> IndexState:
        return IndexState.model_validate_json(self.vault.open_sealed(sealed, _AAD))

    def _write(self, state: IndexState) -> IndexState:
        state = state.model_copy(update={"count": state.count + 1})
        write_private(self.folder / FILE, self.vault.seal(state.model_dump_json().encode(), _AAD))
        # left by a killed writer; under the lock nobody else writes now
        for left in self.folder.glob(f".{FILE}.*.tmp"):
            left.unlink(missing_ok=True)
        if self.counter is not None:
            # the count in the folder is then ahead, which is no sign of an old copy
            with contextlib.suppress(OutputError):
                self.counter.write(state.count)
        return state


REMEDY = (
    "put the newest backup of the folder back; if this is it, accept it with `discreet people accept-backup`, which"
    " first shows who is in it"
)


def index_fault(state: IndexState, id: str, sealed: bytes | None) -> str | None:
    """What is wrong with a record, or None.

    Args:
        state: of the index.
        id: of the record.
        sealed: the record's bytes; None if there is no file.
    """
    kept, pending = state.records.get(id), state.pending.get(id)
    if sealed is None:
        removed = kept is None or pending == ""
        return None if removed else "the record is gone; nobody forgot this person"
    if kept is None and pending is None:
        return "the record was put back: it is not in the index"
    if hash_of(sealed) not in (kept, pending):
        return "the record is not the one that was written last"
    return None
