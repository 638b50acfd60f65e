"""Extracting single members from package archives. Nothing is ever unpacked as a whole, installed, imported or run.

Path traversal is impossible by construction: a member is only ever copied into a file that the caller opened; no name
from the archive becomes a path.
"""

from __future__ import annotations

import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from weights.errors import SourceError

_ZIP = (".whl", ".zip")
_TAR = (".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar")


_DAMAGED = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)


@contextmanager
def reading(filename: str) -> Iterator[None]:
    """Turn the archive readers' exceptions over a damaged archive into SourceError; also while reading a stream."""
    try:
        yield
    except _DAMAGED as error:
        raise SourceError(f"{filename} is damaged: {error}") from error


def open_members(archive: Path, filename: str, wanted: Collection[str]) -> Iterator[tuple[str, IO[bytes]]]:
    """Yield ``(member, stream)`` for each of ``wanted``, in one pass; a stream is valid until the next step.

    The suffix of ``filename`` tells the format (the archive itself may be cached under another name). Links, devices
    and folders do not count as members. Raises SourceError for an unknown format, a damaged archive, or a missing
    member.
    """
    left = set(wanted)
    with reading(filename):
        if filename.endswith(_ZIP):
            with zipfile.ZipFile(archive) as bundle:
                names = set(bundle.namelist())
                for name in sorted(left & names):
                    with bundle.open(name) as stream:
                        yield name, stream
                left -= names
        elif filename.endswith(_TAR):
            with tarfile.open(archive, "r:*") as bundle:
                for entry in bundle:
                    if entry.name in left and entry.isreg():
                        reader = bundle.extractfile(entry)
                        assert reader is not None
                        left.discard(entry.name)
                        yield entry.name, reader
                    if not left:
                        break
        else:
            raise SourceError(f"{filename} is neither a zip nor a tar archive")
    if left:
        raise SourceError(f"{filename} does not hold {', '.join(sorted(left))}")
