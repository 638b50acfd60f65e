"""Copying with a hash, free disk space, locks between processes, creating files safely."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, Protocol

from timeline import create_file, open_file, write_error
from weights.errors import NoSpaceError, SourceError

CHUNK = 1 << 18
#: Bytes to leave free on the disk, so that fetching never fills it completely.
MARGIN = 32 << 20


class Hash(Protocol):
    """The interface of hashlib's hashes."""

    def update(self, data: bytes, /) -> None:
        """Feed bytes."""
        ...

    def hexdigest(self) -> str:
        """The digest so far."""
        ...


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def need_room(folder: Path, needed: int) -> None:
    """Raise NoSpaceError unless ``needed`` bytes (plus a margin) are free on the disk of ``folder``."""
    free = shutil.disk_usage(folder).free
    if free < needed + MARGIN:
        raise NoSpaceError(needed, free)


@contextmanager
def full_disk_is_clear(folder: Path, needed: int) -> Iterator[None]:
    """Turn ENOSPC and EDQUOT from writing below ``folder`` into NoSpaceError."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoSpaceError(needed, shutil.disk_usage(folder).free) from error
        raise


def copy_checked(
    source: IO[bytes], target: IO[bytes], size: int, digest: Hash, told: Callable[[int], None], done: int = 0
) -> int:
    """Copy ``source`` to ``target`` and feed ``digest``; at most ``size`` bytes in all, counted from ``done``.

    Returns the number of bytes so far. Raises SourceError if more arrive than expected: neither an archive bomb nor an
    endless answer can fill the disk.
    """
    while chunk := source.read(CHUNK):
        done += len(chunk)
        if done > size:
            raise SourceError(f"is larger than the {size} bytes expected")
        target.write(chunk)
        digest.update(chunk)
        told(done)
    return done


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Create ``path`` anew, never through a link; models are not secret, so the umask sets the permissions."""
    with os.fdopen(create_file(path, public=True, anew=True), "wb") as file:
        yield file


@contextmanager
def open_to_append(path: Path) -> Iterator[BinaryIO]:
    """Open ``path`` to append to it. Raises OSError if it does not exist or is a link."""
    with os.fdopen(open_file(path, os.O_WRONLY | os.O_APPEND), "ab") as file:
        yield file


def own_folder(path: Path) -> Path:
    """Create the folder ``path`` unless it exists; a link with that name is removed first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_symlink():
        path.unlink()
    path.mkdir(exist_ok=True)
    return path


def sync(stream: IO[bytes]) -> None:
    """Flush to the disk."""
    stream.flush()
    os.fsync(stream.fileno())


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock between processes (and threads: each opens its own); wait for it if necessary.

    The lock file stays: removing it would let two processes hold locks on two files of the same name.
    """
    own_folder(path.parent)
    with contextlib.suppress(FileExistsError):
        os.close(create_file(path, public=True))
    try:
        opened = open_file(path, os.O_RDWR)
    except OSError as error:
        raise write_error(path, error) from None
    with os.fdopen(opened, "r+b") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(handle, fcntl.LOCK_UN)
