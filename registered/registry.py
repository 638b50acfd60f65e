"""The registry: one encrypted file for each enrolled person.

Files are named after the random id, so a listing of the folder shows only how many people there are and when they
changed. Writers hold a lock on the folder; readers need none, because files are replaced atomically.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import difflib
import secrets
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from registered.consent import Answers, Consent, stranger
from registered.files import default_folder, shred, sync_folder, write_private
from registered.forget import Forgotten, leftovers
from registered.index import Index, IndexState, hash_of
from registered.keys import locked, read_place
from registered.merge import merged
from registered.people import ID, Enrolled, KeptSample, clean_name, name_key
from registered.person_record import to_bytes
from registered.record_files import Damaged, RecordFiles
from registered.rollback_counter import RollbackCounter, counter_for
from registered.settings import KeyringMode, Settings
from registered.stage_key import destroy, stage_vault
from registered.vault import Vault
from timeline import OutputError, PeopleError, read_file


class Registry:
    """The enrolled people of one folder.

    Args:
        folder: holds the records.
        vault: seals them.
        quote_strangers: whether people who are not enrolled are quoted.
        counter: keeps the number of changes outside the folder, so that an old copy of it is noticed.
    """

    def __init__(
        self, folder: Path, vault: Vault, quote_strangers: bool = True, counter: RollbackCounter | None = None
    ) -> None:
        self.folder = folder
        self.vault = vault
        self._quote_strangers = quote_strangers
        self._index = Index(folder, vault, counter)
        self._records = RecordFiles(folder, vault, self._index)

    @classmethod
    def open(
        cls, folder: Path | None = None, keyring: KeyringMode | None = None, settings: Settings | None = None
    ) -> Registry:
        """The registry in ``folder``, else in the settings' folder, else in the default one; created on first use.

        Raises:
            PeopleError: the key is gone, locked, readable by others, or a different one.
            OutputError: the folder cannot be created.
        """
        settings = settings or Settings()
        folder = default_folder(folder or settings.folder)
        vault = Vault.open(folder, keyring or settings.keyring)
        place = read_place(folder)
        counter = counter_for(place, vault) if place is not None else None
        registry = cls(folder, vault, settings.quote_strangers, counter)
        registry._bring_the_index_up_to_date()
        return registry

    def people(self) -> list[Enrolled]:
        """Everybody whose record can be read, by name. See :meth:`damaged` for the others."""
        return self._records.scan()[0]

    def damaged(self) -> list[Damaged]:
        """The records that cannot be read; tell the user about them whenever people are looked up."""
        return self._records.scan()[1]

    def find(self, name_or_id: str) -> Enrolled | None:
        """The person with this id or name (case and Unicode form do not matter), or None."""
        people = self.people()
        for person in people:
            if person.id == name_or_id:
                return person
        key = name_key(name_or_id)
        return next((person for person in people if name_key(person.name) == key), None)

    def get(self, name_or_id: str) -> Enrolled:
        """The person with this id or name.

        Raises:
            PeopleError: there is no such person; a similar name is suggested.
        """
        people, damaged = self._records.scan()
        person = self.find(name_or_id)
        if person is not None:
            return person
        for broken in damaged:
            if broken.id == name_or_id:
                raise PeopleError(f"the record of {broken.id} cannot be read: {broken.reason}", broken.remedy)
        near = difflib.get_close_matches(name_or_id, [p.name for p in people], n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        more = f"; {len(damaged)} damaged record(s) could not be searched" if damaged else ""
        raise PeopleError(
            f"nobody called {name_or_id!r} is enrolled{more}", f"{hint}`discreet people list` lists them all"
        )

    def add(self, person: Enrolled) -> Enrolled:
        """Store a new person.

        Raises:
            PeopleError: the name or the id is taken.
        """
        with locked(self.folder):
            if self._records.path(person.id).exists() or person.id in self._state().records:
                raise PeopleError(f"{person.id} is enrolled already", "enrol again")
            self._check_name(person)
            self._write(person)
        return person

    def replace(self, person: Enrolled) -> Enrolled:
        """Store a new state of an enrolled person. If others may write, too, :meth:`update` is the safe way.

        Raises:
            PeopleError: the person is not enrolled (any more), or the new name is taken.
        """
        return self.update(person.id, lambda _: person)

    def update(self, name_or_id: str, change: Callable[[Enrolled], Enrolled]) -> Enrolled:
        """Read a person, change them, and store the result, while no other program writes.

        Raises:
            PeopleError: the person is not enrolled, or the new name is taken.
        """
        with locked(self.folder):
            before = self.get(name_or_id)
            after = change(before)
            if after.id != before.id:
                raise ValueError("an id never changes")
            self._check_name(after)
            self._write(after)
        return after

    def set_consent(self, name_or_id: str, consent: Consent) -> Enrolled:
        """Record another consent; the old one stays in the history. Raises PeopleError if there is no such person."""
        return self.update(name_or_id, lambda person: person.with_consent(consent))

    def rename(self, name_or_id: str, name: str) -> Enrolled:
        """Rename a person. Raises PeopleError if the name is taken or there is no such person."""
        return self.update(name_or_id, lambda person: replace(person, name=clean_name(name)))

    def new_voice(self, name_or_id: str) -> Enrolled:
        """Give a person another changed voice from now on. Raises PeopleError if there is no such person."""
        return self.update(name_or_id, Enrolled.with_new_voice)

    def merge(self, name_or_id: str, other: str, consent: Consent | None = None) -> Enrolled:
        """Merge two records: the first keeps id and name, the second is forgotten.

        Without ``consent``, the result has what both agreed to (:func:`registered.merge.stricter`).

        Raises:
            PeopleError: somebody is not enrolled, both are the same record, or their templates do not match.
            OutputError: a file cannot be written or removed.
        """
        one, two = self.get(name_or_id), self.get(other)
        merged(one, two, consent)  # rejects before anything is changed
        for kept in two.kept:
            self.keep(one.id, kept.kind, kept.media_type, self.read_kept(kept))
        after = self.update(one.id, lambda person: merged(person, self.get(two.id), consent))
        self.forget(two.id)
        return after

    def keep(self, name_or_id: str, kind: str, media_type: str, data: bytes) -> KeptSample:
        """Keep a photo ("face") or a clip ("voice"), encrypted, until the person is forgotten."""
        made: list[KeptSample] = []

        def change(person: Enrolled) -> Enrolled:
            kept = KeptSample(file=f"{person.id}.{secrets.token_hex(8)}.kept", kind=kind, media_type=media_type)
            write_private(self.folder / kept.file, self.vault.seal(data, kept.file.encode()))
            made.append(kept)
            return replace(person, kept=(*person.kept, kept))

        self.update(name_or_id, change)
        return made[0]

    def read_kept(self, kept: KeptSample) -> bytes:
        """A kept photo or clip, decrypted. Raises PeopleError if it is gone or was changed."""
        try:
            sealed = read_file(self.folder / kept.file)
        except OSError as error:
            raise PeopleError(
                f"a stored {kept.kind} cannot be read: {error.strerror}", "restore it, or forget"
            ) from error
        return self.vault.open_sealed(sealed, kept.file.encode())

    def forget(self, name_or_id: str) -> Forgotten:
        """Remove every trace of somebody: templates, consent and its history, kept photos and clips.

        What stopped runs have kept becomes unreadable, whoever it is about (:mod:`registered.stage_key`). Also works
        for a damaged record, by its id. ``Forgotten.lines()`` says what to tell the user.

        Raises:
            PeopleError: there is no such person, or a trace is left.
            OutputError: a file cannot be removed.
        """
        with locked(self.folder):
            broken = next((d for d in self.damaged() if d.id == name_or_id and ID.match(d.id)), None)
            person = None if broken else self.get(name_or_id)
            id = broken.id if broken else person.id if person else ""
            record = self._records.path(id)
            # First of all: if this fails, nobody is reported as forgotten.
            destroyed = destroy(self.folder)
            # The record goes last: if this is interrupted, `forget` can be called by name again.
            files = [path for path in leftovers(self.folder, id) if path != record] + [record]
            state = self._announced(id, "")
            shredded = [shred(path) for path in files]
            sync_folder(self.folder)
            if state is not None:
                self._index.settle(state, id)
            if leftovers(self.folder, id):
                raise PeopleError(f"files of {id} came back while they were being removed", "forget again")
        return Forgotten.of(id, person, files, all(shredded) and destroyed)

    def answers(self, id: str | None, today: dt.date | None = None) -> Answers:
        """What the person with this id agrees to today; for None or an unknown id, what is assumed of strangers.

        While a record is damaged, nobody unknown is quoted: the record may be of somebody who opted out.
        """
        people, damaged = self._records.scan()
        for person in people:
            if person.id == id:
                return person.consent.answers(today)
        return Answers() if any(d.id == id for d in damaged) else stranger(self._quote_strangers and not damaged)

    def consents(self, today: dt.date | None = None) -> dict[str, Answers]:
        """Id -> what that person agrees to today, for everybody whose record can be read."""
        return {person.id: person.consent.answers(today) for person in self.people()}

    def secret(self, purpose: str) -> bytes:
        """32 secret bytes for ``purpose``, always the same for this registry: see :meth:`Vault.secret`."""
        return self.vault.secret(purpose)

    def stages(self) -> Vault:
        """The vault for results that stopped runs keep; after :meth:`forget`, nothing opens them any more."""
        return stage_vault(self.folder, self.vault)

    def backup(self) -> list[Enrolled]:
        """Everybody who will be enrolled once :meth:`accept_backup` was called, by name."""
        return self._records.readable()

    def accept_backup(self) -> list[Enrolled]:
        """Accept the records as they are, after a backup was restored on purpose; return everybody.

        Raises OutputError if the index cannot be written.
        """
        with locked(self.folder):
            self._index.accept(self._records.hashes())
        return self.people()

    def _state(self) -> IndexState:
        """The index before a change: created for a new folder, and without unfinished changes."""
        state = self._index.read()
        return (
            self._index.accept(self._records.hashes())
            if state is None
            else self._index.resolve(state, self._records.hashes())
        )

    def _bring_the_index_up_to_date(self) -> None:
        """Settle what a crash interrupted, if possible."""
        with contextlib.suppress(PeopleError, OutputError):
            state = self._index.read()
            if state is not None and state.pending:
                with locked(self.folder):
                    self._state()

    def _announced(self, id: str, hash: str) -> IndexState | None:
        """The index with a change announced; None if it cannot be read, which is no obstacle to forgetting somebody."""
        try:
            return self._index.announce(self._state(), id, hash)
        except PeopleError:
            if hash:
                raise
            return None

    def _write(self, person: Enrolled) -> None:
        sealed = self.vault.seal(to_bytes(person), person.id.encode())
        state = self._index.announce(self._state(), person.id, hash_of(sealed))
        write_private(self._records.path(person.id), sealed)
        self._index.settle(state, person.id)

    def _check_name(self, person: Enrolled) -> None:
        key = name_key(person.name)
        for other in self.people():
            if other.id != person.id and name_key(other.name) == key:
                raise PeopleError(f"{other.name!r} is enrolled already", "choose another name, or add to their record")
