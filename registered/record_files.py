"""The files of enrolled people: which exist, and which of them can be trusted.

Readers hold no lock, because files are replaced atomically.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from registered.index import FILE, RECORD, REMEDY, Index, IndexState, hash_of, index_fault, record_paths
from registered.people import Enrolled, name_key
from registered.person_record import from_bytes
from registered.vault import Vault
from timeline import PeopleError, read_file

_LOOKS = 5
"""How often readers try again while somebody else is writing."""


@dataclass(frozen=True, slots=True)
class Damaged:
    """A person's file that cannot be read. Who it was is unknown; they may have opted out.

    Attributes:
        id: of the person, or ``index``.
        path: of the file.
        reason: why it cannot be trusted.
        everybody: whether that is so because the index cannot be trusted, and with it no record at all.
    """

    id: str
    path: Path
    reason: str
    everybody: bool = False

    @property
    def remedy(self) -> str:
        """What to do about it."""
        if self.everybody:
            return REMEDY
        return (
            f"put {self.path} back from a backup and `discreet people accept-backup`, or"
            f" `discreet people forget {self.id}` and enrol again"
        )


class RecordFiles:
    """The records in one folder, sealed by ``vault`` and listed in ``index``."""

    def __init__(self, folder: Path, vault: Vault, index: Index) -> None:
        self._folder, self._vault, self._index = folder, vault, index

    def path(self, id: str) -> Path:
        """Where the record of the person with this id is, or would be."""
        return self._folder / f"{id}{RECORD}"

    def files(self) -> dict[str, Path]:
        """Id -> path of every existing record."""
        return record_paths(self._folder)

    def hashes(self) -> dict[str, str]:
        """Id -> hash of every existing record."""
        return {id: hash_of(read_file(path)) for id, path in self.files().items()}

    def scan(self) -> tuple[list[Enrolled], list[Damaged]]:
        """Everybody, and the records that cannot be trusted. Readers hold no lock, so they read again after changes."""
        for _ in range(_LOOKS):
            before = self._read_index()
            found = self._look(before)
            if self._read_index() == before:
                break
        people, damaged = found
        return sorted(people, key=lambda person: (name_key(person.name), person.id)), damaged

    def readable(self) -> list[Enrolled]:
        """Everybody whose record can be opened, by name, whether or not the index knows of it."""
        people = []
        for id in self.files():
            with contextlib.suppress(PeopleError, OSError):
                person = self._read(id, None)
                people += [person] if person is not None else []
        return sorted(people, key=lambda person: (name_key(person.name), person.id))

    def _read_index(self) -> IndexState | str | None:
        """The index, None if there is none yet, or why it cannot be trusted."""
        try:
            return self._index.read()
        except PeopleError as error:
            return str(error)

    def _look(self, state: IndexState | str | None) -> tuple[list[Enrolled], list[Damaged]]:
        files = self.files()
        known = [*state.records, *state.pending] if isinstance(state, IndexState) else []
        people: list[Enrolled] = []
        damaged: list[Damaged] = []
        for id in sorted({*files, *known}):
            try:
                person = self._read(id, state)
                if person is not None:
                    people.append(person)
            except (PeopleError, OSError) as error:
                damaged.append(Damaged(id, self.path(id), str(error), isinstance(state, str)))
        if isinstance(state, str) and not damaged:
            damaged.append(Damaged("index", self._folder / FILE, state, True))
        return people, damaged

    def _read(self, id: str, state: IndexState | str | None) -> Enrolled | None:
        """A person's record; None if they were forgotten. Raises PeopleError if it cannot be trusted."""
        try:
            sealed: bytes | None = read_file(self.path(id))
        except FileNotFoundError:
            sealed = None
        person = from_bytes(self._vault.open_sealed(sealed, id.encode())) if sealed is not None else None
        if person is not None and person.id != id:
            raise PeopleError("the record belongs to another person")
        if isinstance(state, str):
            raise PeopleError(state)
        fault = index_fault(state, id, sealed) if state is not None else None
        if fault is not None:
            raise PeopleError(fault)
        return person
