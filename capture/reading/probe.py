"""Measuring what an untrusted file holds."""

from __future__ import annotations

import os
import stat
from dataclasses import fields
from pathlib import Path

from capture.media_info import MediaInfo
from capture.reading.child_process import Child, ChildDiedError
from capture.reading.settings import MAX_PIXELS
from capture.settings import CaptureSettings
from timeline import InputError

_COPY = "Copy the file again from where it came from."


def regular_file(path: Path) -> Path:
    """The absolute path of a readable, non-empty, regular file.

    Raises:
        InputError: it is none; says what is wrong.
    """
    try:
        status = path.stat()
    except FileNotFoundError:
        raise InputError(f"{path}: no such file", "Check the path.") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read ({getattr(error, 'strerror', error)})", "Check the path.") from None
    if stat.S_ISDIR(status.st_mode):
        raise InputError(f"{path}: is a folder, not a recording", "Name the recording inside it.")
    if not stat.S_ISREG(status.st_mode):
        raise InputError(
            f"{path}: is a pipe or device, but a recording is read more than once", "Save it to a file first."
        )
    if status.st_size == 0:
        raise InputError(f"{path}: is empty", _COPY)
    if not os.access(path, os.R_OK):
        raise InputError(f"{path}: you do not have permission to read it", "Check the file's permissions.")
    return path.absolute()


def probe(path: str | os.PathLike[str], settings: CaptureSettings | None = None) -> MediaInfo:
    """What the file holds, measured in a child process. The file is only read.

    Raises:
        InputError: there is no such file, it is a folder, empty, not a recording, cut off before its index, it holds
            nothing that can be decoded, or it crashes or hangs the decoder.
    """
    settings = settings or CaptureSettings()
    shown, path = Path(path), regular_file(Path(path))
    try:
        limits = {"max_pixels": MAX_PIXELS, "max_hours": settings.max_hours}
        with Child({"do": "probe", "path": str(path), **limits}, settings.stall_seconds) as child:
            found = child.message().json()
    except InputError as error:
        raise InputError(f"{shown}: {error}", error.remedy) from None
    except ChildDiedError as died:
        raise InputError(f"{shown}: is damaged: {died.how}", _COPY) from None
    known = {field.name for field in fields(MediaInfo)}
    found = {key: value for key, value in found.items() if key in known}
    return MediaInfo(path=path, **found | {"notes": tuple(found["notes"])})
