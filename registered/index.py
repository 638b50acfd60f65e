"""The sealed index of a registry: which records there are and what each looks like, so that none can be exchanged.

A record by itself is sealed, but an old one put back is as genuine as the new one, and one that was deleted leaves no
trace. Both would give somebody's rights away: an old record restores a consent that was withdrawn, and a deleted one
makes a person who opted out a stranger. The index holds the hash of every record. It counts its changes, and the count
is kept outside the folder as well, so that an old copy of the whole folder is noticed, too.

A change is announced in the index before the record is written. After a crash the record as it was and the record as it
was to become are both genuine, so nobody is lost.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from registered.counter import Counter
from registered.files import write_private
from registered.vault import SealError, Vault
from timeline import Document, OutputError, PeopleError

FILE = "index.sealed"
_AAD = b"registry index"


class IndexState(Document):
    """What the index holds.

    Attributes:
        count: the number of changes; it only grows.
        records: id -> SHA-256 of the sealed record, hex.
        pending: id -> the hash a record is about to have; empty for one that is about to be removed.
    """

    format: Literal[1] = 1
    count: int = Field(0, ge=0)
    records: dict[str, str] = Field(default_factory=dict)
    pending: dict[str, str] = Field(default_factory=dict)


def hash_of(sealed: bytes) -> str:
    """What the index keeps of a sealed record: its SHA-256, hex."""
    return hashlib.sha256(sealed).hexdigest()


@dataclass(frozen=True, slots=True)
class Index:
    """The index of one folder.

    Attributes:
        folder: of the registry.
        vault: seals it.
        counter: keeps the count outside the folder; None: nowhere.
    """

    folder: Path
    vault: Vault
    counter: Counter | None = None

    def read(self) -> IndexState | None:
        """What the index holds; None where there is none and never was.

        Raises:
            PeopleError: it is gone, damaged, or older than it was.
        """
        kept = self.counter.read() if self.counter is not None else None
        try:
            sealed = (self.folder / FILE).read_bytes()
        except FileNotFoundError:
            if kept:
                raise PeopleError("the index of enrolled people is gone", REMEDY) from None
            return None
        except OSError as error:
            raise PeopleError(f"the index of enrolled people cannot be read: {error.strerror}", REMEDY) from error
        try:
            state = IndexState.model_validate_json(self.vault.open_sealed(sealed, _AAD))
        except (SealError, ValidationError):
            raise PeopleError("the index of enrolled people was changed or is damaged", REMEDY) from None
        if kept is not None and kept > state.count:
            raise PeopleError(
                f"the enrolled people are an older copy: {state.count} changes of {kept} are in it", REMEDY
            )
        return state

    def announce(self, state: IndexState, id: str, hash: str) -> IndexState:
        """Say that the record ``id`` is about to have this hash, or (empty) to be removed; call it before that is done.

        Raises:
            OutputError: the index cannot be written; the record must stay as it is.
        """
        return self._write(state.model_copy(update={"pending": {**state.pending, id: hash}}))

    def settle(self, state: IndexState, id: str) -> IndexState:
        """Say that what was announced of ``id`` is done. Raises OutputError if the index cannot be written."""
        pending = dict(state.pending)
        hash = pending.pop(id)
        records = {key: value for key, value in state.records.items() if key != id}
        if hash:
            records[id] = hash
        return self._write(state.model_copy(update={"records": records, "pending": pending}))

    def resolve(self, state: IndexState, hashes: Mapping[str, str]) -> IndexState:
        """Decide changes that a crash cut short, by the records that are there; call it under the folder's lock.

        Args:
            state: of the index.
            hashes: id -> hash of every record that is there.

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
        """Begin anew with these records (id -> hash): for a folder without an index, or a backup put back on purpose.

        Raises:
            OutputError: the index cannot be written.
        """
        counts = [self.counter.read() or 0] if self.counter is not None else []
        with contextlib.suppress(PeopleError):  # an index that cannot be trusted is why it begins anew
            state = self.read()
            counts.append(state.count if state is not None else 0)
        return self._write(IndexState(count=max(counts, default=0), records=dict(records)))

    def _write(self, state: IndexState) -> IndexState:
        state = state.model_copy(update={"count": state.count + 1})
        write_private(self.folder / FILE, self.vault.seal(state.model_dump_json().encode(), _AAD))
        for left in self.folder.glob(f".{FILE}.*.tmp"):  # a writer was killed; no other writes now, under the lock
            left.unlink(missing_ok=True)
        if self.counter is not None:
            with contextlib.suppress(OutputError):  # the count in the folder is ahead then: no sign of an old copy
                self.counter.write(state.count)
        return state


REMEDY = (
    "put the newest backup of the folder back; if this is it, look at `discreet people list` and accept it with"
    " `discreet people accept-backup`"
)


def fault_of(state: IndexState, id: str, sealed: bytes | None) -> str | None:
    """What is wrong with a record, or None.

    Args:
        state: of the index.
        id: of the record.
        sealed: the record's bytes; None where there is no file.
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
