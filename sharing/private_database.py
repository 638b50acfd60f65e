"""SQLite files in a private folder: made with mode 0600, and never reached through a link that somebody planted."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
from pathlib import Path

from timeline import UnsafeError

PATIENCE_S = 30.0
"""Seconds a writer waits for another writer; longer means that something hangs."""
COMPANIONS = ("-journal", "-wal", "-shm")
"""What SQLite keeps beside a file, and would follow a link to."""


def connect(path: Path) -> sqlite3.Connection:
    """A connection to the database at ``path``, made if it is not there; every commit is on disk.

    Raises:
        UnsafeError: the file, or one that SQLite keeps beside it, is a link, no plain file, or somebody else's.
        OSError: it cannot be made.
        sqlite3.Error: it cannot be opened.
    """
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_NOFOLLOW, 0o600))
    before = _own_file(path)
    _refuse_companions(path)
    db = sqlite3.connect(path, timeout=PATIENCE_S, isolation_level=None)
    if _own_file(path) != before:  # exchanged since: what was opened is not known
        db.close()
        raise _planted(path)
    db.execute("PRAGMA synchronous=FULL")
    return db


def connect_to_read(path: Path) -> sqlite3.Connection:
    """A connection to the database at ``path`` that makes nothing. Raises as :func:`connect` does."""
    _own_file(path)
    _refuse_companions(path)
    # Opened for writing where that is possible: what a killed writer left half done is then rolled back.
    mode = "rw" if os.access(path, os.W_OK) else "ro"
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=PATIENCE_S)


def _own_file(path: Path) -> tuple[int, int]:
    """Device and number of the plain file at ``path`` that belongs to this account and has no other name.

    It is not opened: closing it would let go of the locks that another connection of this process holds.
    """
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid() or status.st_nlink != 1:
        raise _planted(path)
    return status.st_dev, status.st_ino


def _refuse_companions(path: Path) -> None:
    for suffix in COMPANIONS:
        with contextlib.suppress(FileNotFoundError):  # another process may just have finished with it
            _own_file(path.with_name(path.name + suffix))


def _planted(path: Path) -> UnsafeError:
    return UnsafeError(
        f"{path.name} is a link or not a file of this account, so it is not used",
        f"look at {path}, find out who put it there, and put the file back from a backup",
    )
