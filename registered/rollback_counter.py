"""The number of changes of a registry, kept outside its folder: in the OS keyring, or in the user's state folder."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import platformdirs

from registered.files import private_folder, write_private
from registered.keys import KeyPlace, get_secret, set_secret
from registered.vault import SealError, Vault
from timeline import OutputError, PeopleError, read_file


class RollbackCounter(Protocol):
    """A number that survives a replacement of the registry's folder."""

    def read(self) -> int | None:
        """The last number kept; None if none is known, as on another machine."""
        ...

    def write(self, count: int) -> None:
        """Store ``count``. Raises OutputError if that is not possible."""
        ...


def state_folder() -> Path:
    """``$DISCREET_HOME/state``, else the user's state folder."""
    home = os.environ.get("DISCREET_HOME")
    return Path(home).expanduser() / "state" if home else platformdirs.user_state_path("discreet")


def counter_for(place: KeyPlace, vault: Vault) -> RollbackCounter:
    """The counter of a registry: beside its key in the OS keyring, else in a sealed file of the state folder."""
    if place.key == "keyring":
        return KeyringCounter(place.id)
    return FileCounter(state_folder() / f"{place.id}.count", vault, place.id)


@dataclass(frozen=True, slots=True)
class FileCounter:
    """A count in a sealed file. A file that cannot be opened counts as none: it belongs to another registry."""

    path: Path
    vault: Vault
    id: str

    def read(self) -> int | None:
        """See :class:`RollbackCounter`."""
        with contextlib.suppress(OSError, SealError, ValueError):
            return int(self.vault.open_sealed(read_file(self.path), self._aad))
        return None

    def write(self, count: int) -> None:
        """See :class:`RollbackCounter`."""
        try:
            private_folder(self.path.parent)
        except PeopleError as error:
            raise OutputError(str(error), error.remedy) from None
        write_private(self.path, self.vault.seal(str(count).encode(), self._aad))

    @property
    def _aad(self) -> bytes:
        return f"registry count/{self.id}".encode()


@dataclass(frozen=True, slots=True)
class KeyringCounter:
    """A count in the OS keyring."""

    id: str

    def read(self) -> int | None:
        """See :class:`RollbackCounter`. Raises PeopleError if the keyring does not answer."""
        text = get_secret(f"{self.id}-count")
        return int(text) if text is not None and text.isdecimal() else None

    def write(self, count: int) -> None:
        """See :class:`RollbackCounter`."""
        set_secret(f"{self.id}-count", str(count))
