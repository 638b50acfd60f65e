"""Opening every file that the program writes: never through a link, never over another file, private by default.

A folder that others may write to can hold a link under any name, and opening that name for writing would overwrite
whatever the link points to. So new files are opened with ``O_EXCL`` and ``O_NOFOLLOW`` relative to an open handle of
their folder, under an unpredictable name if they will replace another file.

Files are 0600 and folders 0700. :func:`share_files` leaves both to the system's umask instead, for a folder that a
group shares; like the umask itself, it applies to the whole process. Files that are not secret, such as models, are
always left to the umask.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from timeline.errors import OutputError
from timeline.reading import open_regular

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
SHARED_FILE, SHARED_FOLDER = 0o666, 0o777
"""Before the umask."""
_NAME_BYTES = 255
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_HANDLES = os.open in os.supports_dir_fd and os.rename in os.supports_dir_fd

_shared = False


def share_files(on: bool) -> None:
    """Leave the permissions of new files and folders to the umask (True), or restrict them to the owner (False,
    default).
    """
    global _shared
    _shared = on


def write_error(path: Path, error: BaseException) -> OutputError:
    """The :class:`OutputError` that describes why writing ``path`` failed."""
    number = getattr(error, "errno", None)
    if number in _FULL:
        return OutputError(
            f"{path}: the disk is full; nothing was left there", "Free some space or choose another folder."
        )
    if number == errno.ELOOP:
        return OutputError(
            f"{path}: is a link, and Discreet does not write through links", "Remove it, then run again."
        )
    if number in (errno.EACCES, errno.EPERM, errno.EROFS):
        return OutputError(f"{path}: you do not have permission to write it", "Choose a folder that you may write to.")
    why = getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"
    return OutputError(f"{path}: could not be written ({why})", "Check the disk and the folder, then run again.")


class Folder:
    """An open folder. Operations on names happen in this very folder, even if its path comes to mean another one.

    A context manager. Names are single names, without a slash.

    Args:
        path: an existing folder. Links on the way to it are followed: the user chose the path.

    Raises:
        OSError: there is no such folder, or it may not be entered.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd: int | None = None
        if _HANDLES:
            self._fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | getattr(os, "O_CLOEXEC", 0))
        elif not path.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))

    def _at(self, name: str) -> str | Path:
        if os.sep in name or name in ("", ".", ".."):
            raise ValueError("a file's name, not a path")
        return name if self._fd is not None else self.path / name

    def create(self, name: str, private: bool = False, *, public: bool = False, anew: bool = False) -> int:
        """Create a file and open it for reading and writing; return its descriptor, which the caller closes.

        Args:
            name: must not exist, not even as a link.
            private: 0600 even if files are shared.
            public: leave the permissions to the umask even if files are not shared.
            anew: first remove a file or link with this name.

        Raises:
            FileExistsError: the name exists.
            OSError: the file cannot be created.
        """
        mode = SHARED_FILE if public or (_shared and not private) else PRIVATE_FILE
        if anew:
            self.remove(name)
        return os.open(self._at(name), os.O_CREAT | os.O_EXCL | os.O_RDWR | _NO_LINK, mode, dir_fd=self._fd)

    def open(self, name: str, flags: int = os.O_RDONLY) -> int:
        """Open an existing file, never through a link; return its descriptor.

        Raises:
            OSError: ``ELOOP`` for a link; or it is a pipe or a device, which is not waited for.
        """
        return open_regular(self._at(name), flags & ~os.O_CREAT | _NO_LINK, folder=self._fd)

    def subfolder(self, name: str, private: bool = False) -> Folder:
        """The folder ``name`` in this one, created if missing.

        Raises:
            OSError: it is a link, not a folder, or another user's.
        """
        with contextlib.suppress(FileExistsError):
            os.mkdir(self._at(name), SHARED_FOLDER if _shared and not private else PRIVATE_FOLDER, dir_fd=self._fd)
        inner = Folder.__new__(Folder)
        inner.path, inner._fd = self.path / name, None
        if self._fd is not None:
            try:
                inner._fd = os.open(name, os.O_RDONLY | os.O_DIRECTORY | _NO_LINK, dir_fd=self._fd)
            except NotADirectoryError:  # Linux reports this for a link, too
                if inner.path.is_symlink():
                    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(inner.path)) from None
                raise
            if os.fstat(inner._fd).st_uid not in (0, os.geteuid()):
                inner.close()
                raise PermissionError(errno.EPERM, "belongs to another user", str(inner.path))
        elif inner.path.is_symlink():
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(inner.path))
        return inner

    def rename(self, old: str, new: str, to: Folder | None = None) -> None:
        """Rename ``old`` to ``new`` here or in the folder ``to``, replacing a file or link with that name."""
        to = to or self
        os.replace(self._at(old), to._at(new), src_dir_fd=self._fd, dst_dir_fd=to._fd)

    def remove(self, name: str) -> None:
        """Remove a file or a link, if it exists."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._at(name), dir_fd=self._fd)

    def remove_tree(self, name: str) -> None:
        """Remove the folder ``name`` and everything in it, never through a link; a file or link is itself removed.

        Raises:
            OSError: it cannot be removed.
        """
        try:
            self.remove(name)
        except (IsADirectoryError, PermissionError):  # the errors of Linux and macOS
            if self._fd is not None and shutil.rmtree.avoids_symlink_attacks:
                shutil.rmtree(name, dir_fd=self._fd)
            else:
                shutil.rmtree(self.path / name)

    def holds(self, name: str, fd: int) -> bool:
        """Whether ``name`` still is the file that is open as ``fd``."""
        try:
            there = os.stat(self._at(name), dir_fd=self._fd, follow_symlinks=False)
        except OSError:
            return False
        return os.path.samestat(there, os.fstat(fd))

    @contextlib.contextmanager
    def replacing(self, name: str, private: bool = False, *, public: bool = False) -> Iterator[BinaryIO]:
        """Open a file that will replace ``name``. See :func:`replacing`."""
        partial = hidden_name(name, f".{secrets.token_hex(4)}.tmp")
        fd = self.create(partial, private, public=public)
        try:
            with os.fdopen(fd, "wb") as file:
                yield file
                file.flush()
                os.fsync(fd)
                if not self.holds(partial, fd):
                    raise OSError(errno.EBUSY, "another program is moving files in the folder", str(self.path / name))
                self.rename(partial, name)
        except BaseException:
            self.remove(partial)
            raise
        self.sync()

    def write(self, name: str, data: bytes | str, private: bool = False) -> None:
        """Write ``name`` completely or not at all, text as UTF-8. Raises OSError if it cannot be written."""
        with self.replacing(name, private) as file:
            file.write(data.encode() if isinstance(data, str) else data)

    def sync(self) -> None:
        """Flush renames and removals to the disk, if the system can."""
        if self._fd is not None:
            with contextlib.suppress(OSError):
                os.fsync(self._fd)

    def close(self) -> None:
        """Close the folder. May be called twice."""
        fd, self._fd = self._fd, None
        if fd is not None:
            os.close(fd)

    def __enter__(self) -> Folder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def make_folder(path: Path, private: bool = False, *, public: bool = False) -> None:
    """Create ``path`` and its missing parents, each 0700 unless files are shared.

    Raises:
        OSError: it cannot be created, or the name is a file's.
    """
    if path.is_dir():
        return
    if path.parent != path:
        make_folder(path.parent, private, public=public)
    with contextlib.suppress(FileExistsError):
        path.mkdir(SHARED_FOLDER if public or (_shared and not private) else PRIVATE_FOLDER)
    if not path.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))


def create_file(path: Path, private: bool = False, *, public: bool = False, anew: bool = False) -> int:
    """Create a file; return its descriptor, open for reading and writing. See :meth:`Folder.create`."""
    with Folder(path.parent) as folder:
        return folder.create(path.name, private, public=public, anew=anew)


def open_file(path: Path, flags: int = os.O_RDONLY) -> int:
    """Open an existing file, never through a link; return its descriptor. See :meth:`Folder.open`."""
    with Folder(path.parent) as folder:
        return folder.open(path.name, flags)


def path_of(fd: int, path: Path) -> Path:
    """A path under which a library can reopen the very file that is open as ``fd``, even if ``path`` comes to mean
    another.

    If the system has no such paths, it is ``path``: check with :meth:`Folder.holds` when the file is done.
    """
    handle = Path(f"/proc/self/fd/{fd}")
    return handle if handle.exists() else path


def hidden_name(name: str, tail: str) -> str:
    """``.NAME`` plus ``tail``; a long name is shortened to what file systems allow."""
    whole = os.fsencode(name)
    room = _NAME_BYTES - len(os.fsencode(tail)) - 1
    if len(whole) > room:
        whole = whole[:room].decode(errors="ignore").encode()  # without half a character
    return f".{os.fsdecode(whole)}{tail}"


@contextlib.contextmanager
def replacing(path: Path, private: bool = False, *, public: bool = False) -> Iterator[BinaryIO]:
    """Open a file that will replace ``path``: after the block it is complete, after an exception ``path`` is unchanged.

    A link with this name is replaced, not followed.

    Raises:
        OSError: it cannot be written; no file is left.
    """
    with Folder(path.parent) as folder, folder.replacing(path.name, private, public=public) as file:
        yield file


def write_file(path: Path, data: bytes | str, private: bool = False) -> None:
    """Write ``path`` completely or not at all, text as UTF-8.

    Raises:
        OutputError: disk full or no permission; the old content stays.
    """
    try:
        with replacing(path, private) as file:
            file.write(data.encode() if isinstance(data, str) else data)
    except OSError as error:
        raise write_error(path, error) from None
