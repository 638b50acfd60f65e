"""Private files: folders of 0700, files of 0600, written completely or not at all, overwritten before removal."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import platformdirs

from timeline import Folder, OutputError, PeopleError, make_folder, replacing, write_error

POSIX = os.name == "posix"
_CHUNK = 1 << 20


def default_folder(explicit: Path | None = None) -> Path:
    """The registry's folder: ``explicit``, else ``$DISCREET_HOME/registered``, else the user's data folder."""
    if explicit is not None:
        return explicit
    home = os.environ.get("DISCREET_HOME")
    return Path(home).expanduser() / "registered" if home else platformdirs.user_data_path("discreet") / "registered"


def private_folder(path: Path) -> None:
    """Create a folder that only its owner can enter (0700), or check an existing one.

    Raises:
        OutputError: it cannot be created.
        PeopleError: others may write to it: they could replace records or the key.
    """
    try:
        if not path.is_dir():
            make_folder(path, private=True)
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError as error:
        raise OutputError(
            f"the folder {path} of enrolled people cannot be made: {error.strerror}",
            "choose another with --registered or DISCREET_HOME",
        ) from error
    if POSIX and mode & 0o022:
        raise PeopleError(f"others may write into {path} (mode {mode:04o})", f"chmod 700 '{path}'")


def private_subfolder(folder: Path, name: str) -> Path:
    """Create the folder ``name`` in a private one, or check an existing one; it must not be a link.

    Raises:
        OutputError: it cannot be created, or is a link.
        PeopleError: others may write to it.
    """
    path = folder / name
    try:
        with Folder(folder) as top:
            top.subfolder(name, private=True).close()
    except OSError as error:
        raise write_error(path, error) from None
    private_folder(path)
    return path


def check_private(fd: int, path: Path) -> None:
    """Reject a secret file that others can read, or that belongs to somebody else.

    Raises:
        PeopleError: gives the command that fixes it.
    """
    if not POSIX:
        return
    status = os.fstat(fd)
    mode = stat.S_IMODE(status.st_mode)
    if mode & 0o077:
        raise PeopleError(f"the key file {path} can be read by others (mode {mode:04o})", f"chmod 600 '{path}'")
    if status.st_uid not in (0, os.geteuid()):
        raise PeopleError(f"the key file {path} belongs to another user", f"chown {os.geteuid()} '{path}'")


def write_private(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path`` with mode 0600: after a crash there is the old content or the new, never a part.

    Raises:
        OutputError: disk full or no permission; no file is left behind.
    """
    try:
        with replacing(path, private=True) as file:
            file.write(data)
    except OSError as error:
        raise OutputError(
            f"{path} cannot be written: {error.strerror}", "free some disk space, or check the permissions"
        ) from error


def sync_folder(folder: Path) -> None:
    """Flush renames and removals in ``folder`` to the disk, if the system can."""
    if not POSIX:
        return
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def shred(path: Path) -> bool:
    """Overwrite a file with random bytes, then remove it; return whether overwriting succeeded.

    Overwriting reaches the same place only on a plain disk with a plain file system; flash and copy-on-write file
    systems write elsewhere. What they keep is encrypted.

    Raises:
        OutputError: the file cannot be removed.
    """
    overwritten = False
    try:
        with Folder(path.parent) as folder, os.fdopen(folder.open(path.name, os.O_RDWR), "r+b") as file:
            left = os.fstat(file.fileno()).st_size
            while left > 0:
                left -= file.write(os.urandom(min(left, _CHUNK)))
            file.flush()
            os.fsync(file.fileno())
        overwritten = True
    except OSError:
        pass  # removing it can still succeed, and matters more
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{path} cannot be removed: {error.strerror}", f"remove it by hand: rm '{path}'") from error
    return overwritten
