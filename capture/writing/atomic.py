"""A file that appears complete under its name, or not at all.

It is written under a hidden name in the same folder, ``.NAME.partial-PID``, then flushed to the disk and renamed.
:func:`clean_partials` recognises what killed runs left behind by that name, and removes it.
"""

from __future__ import annotations

import atexit
import contextlib
import errno
import fcntl
import os
import re
from collections.abc import Iterator
from pathlib import Path

from timeline import Folder, OutputError, hidden_name, open_file, path_of, write_error

__all__ = ["PartialFile", "clean_partials", "partial_name", "write_error"]

_NAME = re.compile(r"^\..+\.partial-\d+$", re.DOTALL)
_open: set[Path] = set()


def partial_name(path: Path) -> Path:
    """The hidden name for this process beside ``path``; long names are shortened to what file systems allow."""
    tail = f".partial-{os.getpid()}"
    return path.with_name(hidden_name(path.name, tail))


class PartialFile:
    """The hidden file of one output; end it with :meth:`commit` or :meth:`discard`.

    Attributes:
        path: the final name.
        partial: the name until then.
        url: a path under which FFmpeg opens this very file, even if ``partial`` has come to name another one.
        fd: the open file, for a child process.

    Raises:
        OutputError: the folder does not exist or is not writable, or the name is that of a folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.partial = partial_name(path)
        if path.is_dir():
            raise OutputError(f"{path}: is a folder", "Give the name of a file.")
        try:
            self._folder = Folder(path.parent)
        except FileNotFoundError:
            raise OutputError(f"{path.parent}: no such folder", "Make it first.") from None
        except OSError as error:
            raise write_error(path, error) from None
        try:
            self.fd = self._folder.create(self.partial.name, anew=True)
        except OSError as error:
            self._folder.close()
            raise write_error(path, error) from None
        self.url = path_of(self.fd, self.partial)
        _open.add(self.partial)
        with contextlib.suppress(OSError):  # tells clean_partials that the writer is alive; not every file system can
            fcntl.flock(self.fd, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def commit(self) -> None:
        """Flush to the disk and rename to the final name, replacing an existing file.

        Raises:
            OutputError: the disk is full or failed; the hidden file is removed.
        """
        try:
            os.fsync(self.fd)
            if not self._folder.holds(self.partial.name, self.fd):
                raise OSError(errno.EBUSY, "another program is moving files in the folder", str(self.path))
            self._folder.rename(self.partial.name, self.path.name)
        except OSError as error:
            self.discard()
            raise write_error(self.path, error) from None
        self._folder.sync()
        self._release()

    def discard(self) -> None:
        """Remove the hidden file. May be called twice."""
        with contextlib.suppress(OSError):
            if self.partial in _open:
                self._folder.remove(self.partial.name)
        self._release()

    @contextlib.contextmanager
    def guard(self, *errors: type[Exception]) -> Iterator[None]:
        """Remove the hidden file if the block fails. OSError and ``errors`` become an OutputError."""
        expected: tuple[type[Exception], ...] = (OSError, *errors)
        try:
            yield
        except expected as error:
            self.discard()
            raise write_error(self.path, error) from None
        except BaseException:
            self.discard()
            raise

    def _release(self) -> None:
        if self.partial in _open:
            _open.discard(self.partial)
            os.close(self.fd)
            self._folder.close()


def sync_data(handle: int) -> None:
    """Flush what was written to an open file to the disk, if the file system can."""
    with contextlib.suppress(OSError, ValueError):
        os.fsync(handle)


def clean_partials(folder: str | os.PathLike[str]) -> list[Path]:
    """Remove what killed runs left in ``folder`` and return those paths; files of running writers are kept."""
    removed = []
    for path in sorted(Path(folder).iterdir()):
        if not _NAME.match(path.name) or path.is_symlink() or not path.is_file():
            continue
        try:
            handle = open_file(path, os.O_WRONLY)
        except OSError:
            continue
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # the system releases the lock of a dead writer
            path.unlink(missing_ok=True)
            removed.append(path)
        except OSError:
            continue
        finally:
            os.close(handle)
    return removed


@atexit.register
def _discard_open() -> None:
    for path in tuple(_open):
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
