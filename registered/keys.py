"""The vault's key: 32 random bytes in the OS keyring, or in a file of mode 0600 if there is no keyring.

``vault.json`` in the folder says which of the two it is, so that a missing keyring leads to an error and never,
silently, to a new key that opens nothing. It holds no secret.
"""

from __future__ import annotations

import base64
import binascii
import errno
import os
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

import keyring
import keyring.errors
from filelock import FileLock, Timeout
from pydantic import ValidationError

from registered.files import check_private, private_folder, write_private
from registered.settings import KeyringMode
from timeline import Document, OutputError, PeopleError, log_error, open_regular, read_file, write_error

_T = TypeVar("_T")
KEY_BYTES = 32
SERVICE = "discreet"
_KEY_FILE = "key"
PATIENCE = 90.0
"""Seconds that the OS keyring may take to answer: its owner may have to type a password."""
_LOCK_FILE = ".lock"
_PREFIX = "discreet-key-1:"
_LOST = "put the key back from a backup; without it, delete the folder and enrol everybody again"


class KeyPlace(Document):
    """``vault.json``: where the key of this folder is. ``check`` is a sealed constant that only the right key opens."""

    format: Literal[1] = 1
    id: str
    key: Literal["file", "keyring"]
    check: str = ""


@contextmanager
def locked(folder: Path, timeout: float = 30.0) -> Iterator[None]:
    """Hold the lock that every writer of ``folder`` takes. Do not nest.

    Raises:
        PeopleError: another program did not release it within ``timeout`` seconds.
        OutputError: the folder cannot be written.
    """
    lock = FileLock(folder / _LOCK_FILE, timeout=timeout, mode=0o600)
    try:
        lock.acquire()
    except Timeout as error:
        raise PeopleError(
            f"another program keeps {folder} locked", "wait until the other discreet has ended, then try again"
        ) from error
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise write_error(folder / _LOCK_FILE, error) from error
        raise OutputError(f"{folder} cannot be written: {error.strerror}", "check its permissions") from error
    try:
        yield
    finally:
        lock.release()


def keyring_mode(mode: KeyringMode | None) -> KeyringMode:
    """``mode``, else ``$DISCREET_KEYRING``, else "auto". Raises PeopleError if the variable has any other value."""
    if mode is not None:
        return mode
    value = os.environ.get("DISCREET_KEYRING", "") or "auto"
    for known in get_args(KeyringMode):
        if value == known:
            return known  # type: ignore[no-any-return]
    raise PeopleError(f"DISCREET_KEYRING is {value!r}", "set it to auto, file or keyring")


def read_place(folder: Path) -> KeyPlace | None:
    """The content of ``vault.json``, or None if there is none. Raises PeopleError if it is invalid."""
    path = folder / "vault.json"
    try:
        return KeyPlace.model_validate_json(read_file(path))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise PeopleError(f"{path} cannot be read: {error.strerror}", "check its permissions") from error
    except ValidationError as error:
        raise PeopleError(
            f"{path} is damaged, or from a newer Discreet", "update Discreet, or restore the file from a backup"
        ) from error


def load_or_make(folder: Path, mode: KeyringMode | None, prove: Callable[[bytes], str]) -> tuple[bytes, KeyPlace]:
    """The key of ``folder`` (32 bytes) and where it is; created on first use. ``prove`` returns a key's
    ``KeyPlace.check``.

    Raises:
        PeopleError: the key is gone, locked, readable by others, or elsewhere than ``mode`` allows.
        OutputError: a new one cannot be written.
    """
    wanted = keyring_mode(mode)
    private_folder(folder)
    place = read_place(folder)
    if place is None:
        with locked(folder):
            place = read_place(folder)  # another program may have been first
            if place is None:
                key, place = _make(folder, wanted)
                place = place.model_copy(update={"check": prove(key)})
                write_private(folder / "vault.json", place.model_dump_json(indent=1).encode())
                return key, place
    if wanted not in ("auto", place.key):
        raise PeopleError(
            f"the key of {folder} is in the {_called(place.key)}, but DISCREET_KEYRING says {wanted}",
            "set it to auto",
        )
    stored = _from_file(folder / _KEY_FILE) if place.key == "file" else _from_keyring(place.id)
    if stored is None:
        raise PeopleError(f"the key of {folder} is no longer in the {_called(place.key)}", _LOST)
    return stored, place


def _called(key: str) -> str:
    return "key file" if key == "file" else "OS keyring"


def _make(folder: Path, wanted: KeyringMode) -> tuple[bytes, KeyPlace]:
    # A key file without vault.json comes from a run that stopped between the two: it is this folder's key.
    stored = _from_file(folder / _KEY_FILE)
    if stored is not None:
        return stored, KeyPlace(id=secrets.token_hex(8), key="file")
    if any(folder.glob("*.person")):
        raise PeopleError(f"{folder} holds people, but neither vault.json nor a key", _LOST)
    key, id = secrets.token_bytes(KEY_BYTES), secrets.token_hex(8)
    if wanted != "file" and _to_keyring(id, key, must=wanted == "keyring"):
        return key, KeyPlace(id=id, key="keyring")
    write_private(folder / _KEY_FILE, f"{_PREFIX}{base64.b64encode(key).decode()}\n".encode())
    return key, KeyPlace(id=id, key="file")


def _decode(text: str, where: str) -> bytes:
    try:
        if not text.startswith(_PREFIX):
            raise ValueError
        key = base64.b64decode(text[len(_PREFIX) :].strip(), validate=True)
        if len(key) != KEY_BYTES:
            raise ValueError
    except (ValueError, binascii.Error):
        raise PeopleError(f"{where} is not a key of Discreet", _LOST) from None
    return key


def _from_file(path: Path) -> bytes | None:
    try:
        fd = open_regular(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise PeopleError(f"the key file {path} cannot be read: {error.strerror}", f"chmod 600 '{path}'") from error
    with os.fdopen(fd, "rb") as file:
        check_private(file.fileno(), path)
        return _decode(file.read(256).decode("ascii", "replace"), f"the key file {path}")


def _usable(backend: Any) -> bool:
    # Below 1 are keyring's own "none" and "null" and the plain-text files of keyrings.alt: our 0600 file is better.
    return float(backend.priority) >= 1


def _answer(ask: Callable[[], _T]) -> _T:
    """The result of ``ask``, within a time limit: a locked keyring without a display would wait forever."""
    answers: list[_T] = []
    errors: list[Exception] = []

    def run() -> None:
        try:
            answers.append(ask())
        except Exception as error:  # backends raise anything: D-Bus, Win32 and Keychain errors
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True, name="keyring")
    thread.start()
    thread.join(PATIENCE)
    if errors:
        raise errors[0]
    if not answers:
        raise TimeoutError(f"no answer within {PATIENCE:.0f} s")
    return answers[0]


def remedy_for_keyring() -> str:
    """What a user can do where the OS keyring does not answer: unlock it, or provide one where none is installed."""
    try:
        usable = _usable(keyring.get_keyring())
    except Exception as error:  # backends raise what they like
        log_error("the OS keyring cannot be found", error)
        usable = False
    if usable:
        return "unlock it and try again"
    return (
        "no keyring is running here: log in where the one that holds the key runs, or start it (on Linux a Secret "
        "Service such as GNOME Keyring or KWallet)"
    )


def set_secret(name: str, text: str) -> None:
    """Store ``text`` in the OS keyring. Raises OutputError if there is none, or it does not keep the text."""
    reason = "there is none"
    try:
        backend = keyring.get_keyring()
        if _usable(backend):
            _answer(lambda: backend.set_password(SERVICE, name, text))
            if _answer(lambda: backend.get_password(SERVICE, name)) == text:
                return
            reason = "it did not keep what it was given"
    except Exception as error:  # backends raise what they like
        log_error("the OS keyring cannot be used", error)
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
    raise OutputError(f"the OS keyring cannot be used: {reason}", remedy_for_keyring())


def get_secret(name: str) -> str | None:
    """What the OS keyring holds under ``name``, or None. Raises PeopleError if it does not answer."""
    try:
        return _answer(lambda: keyring.get_keyring().get_password(SERVICE, name))
    except Exception as error:  # backends raise what they like
        line = f"{type(error).__name__}: {error}".splitlines()[0]
        raise PeopleError(f"the OS keyring did not answer: {line}", remedy_for_keyring()) from error


def _to_keyring(id: str, key: bytes, must: bool) -> bool:
    try:
        set_secret(id, _PREFIX + base64.b64encode(key).decode())
        return True
    except OutputError as error:
        reason = str(error)
    if must:
        raise PeopleError(reason, "unlock it, or use a key file: set DISCREET_KEYRING=file")
    return False


def _from_keyring(id: str) -> bytes | None:
    text = get_secret(id)
    return None if text is None else _decode(text, "what the OS keyring holds")
