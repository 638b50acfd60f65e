"""Stores the head of the log, the number and hash of its last line, outside the log itself.

A chain shows that a line in it was changed or left out. It cannot show that its last lines were cut off, because a
shorter chain is still a chain. So the head is stored elsewhere as well, and every export carries it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from pydantic import Field, ValidationError

from registered import get_secret, set_secret, write_private
from timeline import Document, PeopleError, UnsafeError, read_file


class Head(Document):
    """The last known line: its number, and its hash in hex. Number 0 stands for an empty log."""

    number: int = Field(0, ge=0)
    hash: str = Field("", pattern=r"^([0-9a-f]{64})?$")


class HeadStore(Protocol):
    """Stores the head of one log, away from the log."""

    def read(self) -> Head | None:
        """The head that was stored last; None if there was none."""
        ...

    def write(self, head: Head) -> None:
        """Store ``head``. Raises OutputError if that is not possible."""
        ...


class FileHead:
    """Stores the head in its own file, mode 0600. Put it on another disk than the log, or in a backed-up folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Head | None:
        """The head that was stored last; None if there is no file.

        Raises:
            UnsafeError: the file cannot be read or holds something else.
        """
        try:
            return Head.model_validate_json(read_file(self.path))
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as error:
            raise UnsafeError(
                "the head of the audit log cannot be read", f"restore {self.path} from a backup"
            ) from error

    def write(self, head: Head) -> None:
        """Store ``head``. Raises OutputError if that is not possible."""
        write_private(self.path, head.model_dump_json().encode())


class KeyringHead:
    """A head in the keyring of the operating system: whoever changes files alone cannot set it back.

    Args:
        name: under which it is kept.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def read(self) -> Head | None:
        """The head that was kept last; None if none ever was.

        Raises:
            UnsafeError: the keyring does not answer, or holds something else.
        """
        try:
            text = get_secret(self.name)
            return None if text is None else Head.model_validate_json(text)
        except PeopleError as error:
            raise UnsafeError(f"the head of the audit log cannot be read: {error}", error.remedy) from error
        except ValidationError as error:
            raise UnsafeError(
                "the keyring holds no head of the audit log under its name", "find out who changed it"
            ) from error

    def write(self, head: Head) -> None:
        """Keep ``head``. Raises OutputError if that is not possible."""
        set_secret(self.name, head.model_dump_json())


class LatestHead:
    """Several places for one head: each keeps it, and the latest that any of them knows counts.

    Args:
        places: at least one.
    """

    def __init__(self, places: Sequence[HeadStore]) -> None:
        self.places = tuple(places)

    def read(self) -> Head | None:
        """The head with the highest number. Raises UnsafeError if one place cannot be read."""
        known = [head for head in (place.read() for place in self.places) if head is not None]
        return max(known, key=lambda head: head.number, default=None)

    def write(self, head: Head) -> None:
        """Keep ``head`` everywhere. Raises OutputError if one place cannot."""
        for place in self.places:
            place.write(head)
