"""Destroys an export: overwrites and removes it, searches for copies, and certifies the result.

Before anything is removed, a marker is planted and others are taken from recordings. Afterwards the places where copies
may lie are searched for them, and for whole files with the same hash. A certificate is signed only if none was found.
It has limits: a drive may keep old blocks of an overwritten file, and a place that was not named is not searched.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime

from registered import shred
from sharing.exports.folder import DATA, hashes
from sharing.exports.signing import Signer
from timeline import Document, InputError, UnsafeError, write_file

KIND = "application/vnd.discreet.destruction+json"
MARKER_BYTES = 32
"""Bytes of a marker, enough that none occurs anywhere by chance."""
MEDIA = (".mp4", ".m4a", ".wav")
VARIETY = 12
"""Least number of different bytes in a marker."""
PLANTED = ".discreet-marker"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Places:
    """Where to search for copies: folders with everything below, except known folders.

    Raises:
        InputError: a place to search is not a folder. A search of nothing would find nothing.
    """

    searched: Sequence[Path]
    known: Sequence[Path] = ()

    def __post_init__(self) -> None:
        for place in self.searched:
            if not place.is_dir():
                raise InputError(
                    f"{place} cannot be searched: it is not a folder", "nothing was destroyed; mend --search"
                )

    def files(self) -> Iterable[Path]:
        """Every file to search."""
        known = {place.absolute() for place in self.known}
        for place in self.searched:
            for root, folders, names in os.walk(place.absolute(), onerror=_unsearched):
                folders[:] = [name for name in folders if Path(root, name) not in known]
                yield from (path for name in names if (path := Path(root, name)).is_file() and not path.is_symlink())


class Certificate(Document):
    """A signed statement about a destruction.

    Attributes:
        export: id of the export; empty if unknown.
        at: when.
        files: path -> SHA-256 in hex of what was destroyed.
        overwritten: whether every file was overwritten before it was removed.
        searched: folders that were searched for copies.
        markers: number of markers and whole files that were looked for; none was found.
    """

    format: Literal[1] = 1
    export: str
    at: AwareDatetime
    files: dict[str, str]
    overwritten: bool
    searched: tuple[str, ...]
    markers: int


def destroy(folder: Path, export: str, places: Places, now: dt.datetime) -> Certificate:
    """Destroy everything in a folder, and search for copies.

    Args:
        folder: the folder to destroy, with its contents.
        export: its id.
        places: where to search for copies afterwards.
        now: the time of the certificate.

    Raises:
        InputError: there is no such folder.
        OutputError: a file cannot be removed.
        UnsafeError: a copy was found; the message names its place.
    """
    if folder.is_symlink() or not folder.is_dir():
        raise InputError(f"{folder} is not a folder", "give the folder of an export")
    files = hashes(folder)
    write_file(folder / PLANTED, secrets.token_bytes(4 * MARKER_BYTES))
    markers = [content for path in folder.rglob("*") for content in _markers(path)]
    wholes = {
        ((folder / name).stat().st_size, digest)
        for name, digest in files.items()
        if name.startswith(f"{DATA}/") and (folder / name).stat().st_size
    }
    overwritten = _remove(folder)
    copies = sorted(str(path) for path in places.files() if _holds(path, markers) or _same(path, wholes))
    if copies:
        raise UnsafeError(
            f"the folder is destroyed, but {copies[0]} is a copy or holds a part of it ({len(copies)} such files)",
            "give the folder of the copy to discreet share destroy, too",
        )
    return Certificate(
        export=export,
        at=now,
        files=files,
        overwritten=overwritten,
        searched=tuple(str(place) for place in places.searched),
        markers=len(markers) + len(wholes),
    )


def _remove(folder: Path) -> bool:
    """Remove a folder; returns whether every file was overwritten first."""
    everything = sorted(folder.rglob("*"), key=lambda path: len(path.parts), reverse=True)
    folders = [path for path in everything if path.is_dir() and not path.is_symlink()]
    overwritten = [shred(path) for path in everything if path not in set(folders)]
    for path in (*folders, folder):
        path.rmdir()
    return all(overwritten)


def signed_certificate(certificate: Certificate, signer: Signer) -> str:
    """The certificate as a file: JSON of a DSSE envelope."""
    return json.dumps(signer.sign(certificate.model_dump_json().encode(), KIND)) + "\n"


def certificate_page(certificate: Certificate, what: str, project: str, signed: str) -> str:
    """The certificate for people, as Markdown.

    Args:
        certificate: what was done.
        what: the export or session that is gone.
        project: its project, controller and contact.
        signed: name of the file with the signature.
    """
    how = (
        "Each file was overwritten before it was removed."
        if certificate.overwritten
        else "Not every file could be overwritten before it was removed."
    )
    lines = [
        f"# Certificate of destruction: {what}",
        "",
        f"- Project: {project}",
        f"- Destroyed on: {certificate.at:%Y-%m-%d %H:%M} UTC",
        f"- Files: {len(certificate.files)}. {how}",
        f"- Searched for copies afterwards: {', '.join(certificate.searched)}",
        f"- Looked for: {certificate.markers} whole files and marked parts of them. None was found.",
        "",
        "## What this does not say",
        "",
        "- Copies elsewhere (other computers, backups, e-mail, disks that were not connected) were not searched.",
        "- A solid-state disk, or a file system that keeps old versions, may still hold old blocks of a file.",
        "",
        "## Destroyed files",
        "",
        "| file | SHA-256 |",
        "|---|---|",
        *(f"| {name} | {digest} |" for name, digest in sorted(certificate.files.items())),
        "",
        f"The signed original of this page is {signed}. Only its signature proves anything.",
    ]
    return "\n".join(lines) + "\n"


def _markers(path: Path) -> Iterable[bytes]:
    """Markers of a recording, or the planted one. Other files have none: parts of texts occur in the sender's own
    files.
    """
    if path.is_symlink() or not path.is_file() or not (path.suffix in MEDIA or path.name == PLANTED):
        return
    size = path.stat().st_size
    with path.open("rb") as file:
        for start in sorted({max(0, size // 2 - MARKER_BYTES), max(0, size - MARKER_BYTES)}):
            file.seek(start)
            content = file.read(MARKER_BYTES)
            # A part without variety, such as zeros, occurs in other recordings as well.
            if len(content) == MARKER_BYTES and len(set(content)) >= VARIETY:
                yield content


def _holds(path: Path, markers: Sequence[bytes]) -> bool:
    with _searched(path) as file:
        tail = b""
        while chunk := file.read(_CHUNK):
            block = tail + chunk
            if any(content in block for content in markers):
                return True
            tail = block[-MARKER_BYTES:]
    return False


def _same(path: Path, wholes: set[tuple[int, str]]) -> bool:
    size = path.stat().st_size
    if size not in {known for known, _ in wholes}:
        return False
    with _searched(path) as file:
        return (size, hashlib.file_digest(file, "sha256").hexdigest()) in wholes


def _unsearched(error: OSError) -> None:
    raise UnsafeError(f"{error.filename} could not be searched ({error.strerror})", "check its permissions") from None


def _searched(path: Path) -> BufferedReader:
    try:
        return path.open("rb")
    except OSError as error:
        raise UnsafeError(f"{path} could not be searched ({error.strerror})", "check its permissions") from None
