"""Reading files that are to be held in memory: no device, no pipe that nobody writes into, nothing without end.

A folder that others may write to can hold anything under any name. Opening a pipe waits for somebody to write into it,
and ``/dev/zero`` never ends. So a file is opened without waiting, looked at, and read up to a limit.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

MOST_BYTES = 1 << 30
"""Largest file that is read into memory."""
MOST_TEXT_BYTES = 1 << 24
"""Largest file that a person writes: settings, policies, lists of words."""


def open_regular(path: str | Path, flags: int = os.O_RDONLY, *, pipe: bool = False, folder: int | None = None) -> int:
    """Open a regular file without waiting; return its descriptor, which the caller closes.

    Args:
        path: of the file.
        flags: as of :func:`os.open`.
        pipe: whether it may be a pipe or a device as well, which then is waited for.
        folder: descriptor of the folder that ``path`` is relative to.

    Raises:
        OSError: it cannot be opened, or is a folder, a pipe or a device; ``strerror`` says so.
    """
    wait = getattr(os, "O_NONBLOCK", 0)
    fd = os.open(path, flags | wait | getattr(os, "O_CLOEXEC", 0), dir_fd=folder)
    try:
        mode = os.fstat(fd).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not (stat.S_ISREG(mode) or (pipe and (stat.S_ISFIFO(mode) or stat.S_ISCHR(mode)))):
            raise OSError(errno.EINVAL, "not a regular file", str(path))
        if wait:
            os.set_blocking(fd, True)
    except BaseException:
        os.close(fd)
        raise
    return fd


def read_file(path: Path, most: int = MOST_BYTES, *, pipe: bool = False) -> bytes:
    """The content of a file.

    Args:
        path: links are followed.
        most: bytes that it may have.
        pipe: whether it may be a pipe or a device, which is waited for: for files that the user names, as in
            ``<(command)`` or ``/dev/null``.

    Raises:
        OSError: it cannot be opened or read, is a folder or a device, or is larger than ``most``; ``strerror`` says so.
    """
    with os.fdopen(open_regular(path, pipe=pipe), "rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"larger than {most >> 20} MB", str(path))
    return content


def read_text(path: Path, most: int = MOST_TEXT_BYTES) -> str:
    """The UTF-8 text of a file that the user names, without a byte order mark; its line breaks are as written.

    Raises:
        OSError: as :func:`read_file`.
        UnicodeDecodeError: it is not UTF-8.
    """
    return read_file(path, most, pipe=True).decode("utf-8-sig")
