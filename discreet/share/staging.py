"""Where an export is made: a private folder that is gone afterwards, at the latest when the next command runs."""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from registered import private_folder
from timeline import OutputError, write_error

STAGING = "staging"
_LOCK = ".lock"


@contextmanager
def staging_folder(project: Path, id: str) -> Iterator[Path]:
    """A private folder ``staging/ID`` with an empty ``export`` in it, locked while it is in use.

    Args:
        project: the project's folder.
        id: of the export.

    Raises:
        OutputError: it cannot be made.
    """
    folder = project / STAGING / id
    private_folder(folder.parent)
    lock = folder.parent / f"{id}{_LOCK}"
    held = _locked(lock)  # before the folder is there, so that nobody takes it for an abandoned one
    if held is None:
        raise OutputError(f"{lock} is in use", "try again")
    try:
        private_folder(folder)
        (folder / "export").mkdir(mode=0o700)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        lock.unlink(missing_ok=True)
        os.close(held)


def clean_staging(project: Path) -> list[str]:
    """Remove what killed exports left in a project's folder; ids of the exports.

    Folders of exports that are being made stay.
    """
    place, removed = project / STAGING, []
    if place.is_symlink() or not place.is_dir():
        return []
    for id in sorted({path.name.removesuffix(_LOCK) for path in place.iterdir()}):
        held = _locked(place / f"{id}{_LOCK}")
        if held is None:
            continue
        try:
            shutil.rmtree(place / id, ignore_errors=True)
            (place / f"{id}{_LOCK}").unlink(missing_ok=True)
        finally:
            os.close(held)
        removed.append(id)
    return removed


def partial_beside(out: Path) -> Path:
    """Where an export is written before it gets its name ``out``; what killed ones left there is removed."""
    name = re.compile(rf"\.{re.escape(out.name)}\.[0-9a-f]{{8}}\.tmp")
    if out.parent.is_dir():
        for path in out.parent.iterdir():
            if name.fullmatch(path.name) and path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
    return out.with_name(f".{out.name}.{secrets.token_hex(4)}.tmp")


def _locked(path: Path) -> int | None:
    """A file descriptor that holds the lock at ``path``; None where another process holds it."""
    flags = os.O_RDWR | os.O_NOFOLLOW | os.O_CREAT
    try:
        fd = os.open(path, flags, 0o600)
    except OSError as error:
        raise write_error(path, error) from None
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(fd)
        return None
    return fd
