"""Destroying exports and results: one by its folder; and which exports are due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from discreet.results import read_timeline
from discreet.results.folder import CACHE, RESULTS, STAGING
from discreet.results.sealed_details import destroy_details
from discreet.share.identity_links import destroy_links, key_of
from discreet.share.project import Project
from sharing.exports import (
    STATEMENTS,
    Certificate,
    ExportRecord,
    Places,
    Signer,
    certificate_page,
    destroy,
    signed_certificate,
)
from timeline import InputError, make_folder, write_error, write_file


@dataclass(frozen=True, slots=True)
class Destroyed:
    """A folder that is gone, with its certificate."""

    folder: Path
    certificate: Certificate
    file: Path


def destroy_export(project: Project, folder: Path, places: Sequence[Path], into: Path) -> Destroyed:
    """Destroy an export, and write the signed certificate into the folder ``into``.

    The audit log has a line before anything is removed, and one for the certificate.

    Raises:
        InputError: there is no such folder, or the project did not make it.
        OutputError: something cannot be removed or written.
        UnsafeError: a copy was found.
    """
    record = _record(project, folder)
    # What the project keeps itself, and other exports of the same sessions, are no copies of this one.
    others = [Path(other.place) for other in project.ledger.all() if other.id != record.id and other.place]
    where = Places(places or [folder.absolute().parent], [project.registry.folder, *others])
    project.note("destroy", subject=record.id, outcome="allowed")
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    certificate = destroy(folder, record.id, where, now)
    file = _certified(project, certificate, into, record.id)
    project.ledger.mark_destroyed(record.id, now)
    project.note("destroy", subject=record.id, detail={"files": len(certificate.files)})
    return Destroyed(folder, certificate, file)


def destroy_result(project: Project, folder: Path, places: Sequence[Path], into: Path) -> Destroyed:
    """Destroy a folder of results with all that is kept of it: sealed details, and who is who in it.

    The audit log has a line before anything is removed, and one for the certificate. Exports made of it stay: they have
    an end of their own.

    Raises:
        InputError: there is no such folder, or it holds something that no run wrote.
        OutputError: something cannot be removed or written.
        UnsafeError: a copy was found.
    """
    timeline = read_timeline(folder)
    _refuse_others(folder)
    session = project.tokens.session(key_of(project.registry, timeline))
    others = [Path(other.place) for other in project.ledger.all() if other.place]
    where = Places(places or [folder.absolute().parent], [project.registry.folder, *others])
    project.note("destroy", subject=session, outcome="allowed")
    destroy_details(project.registry, timeline)
    destroy_links(project.registry, timeline)
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    certificate = destroy(folder, "", where, now)
    file = _certified(project, certificate, into, session)
    project.note("destroy", subject=session, detail={"files": len(certificate.files)})
    return Destroyed(folder, certificate, file)


def _certified(project: Project, certificate: Certificate, into: Path, what: str) -> Path:
    """Write the signed certificate, and the same as a page for people; returns the signed file."""
    try:
        make_folder(into)
    except OSError as error:
        raise write_error(into, error) from None
    file = into / f"destruction-{what}.json"
    write_file(file, signed_certificate(certificate, Signer(project.signing_seed)))
    rules = project.governance
    about = f"{rules.project}, by {rules.controller} ({rules.contact})"
    write_file(file.with_suffix(".md"), certificate_page(certificate, what, about, file.name))
    return file


def _refuse_others(folder: Path) -> None:
    """Raise InputError if a folder of results holds a file that is not of the run."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if not path.is_dir() and inside.as_posix() not in RESULTS and inside.parts[0] not in (CACHE, STAGING):
            raise InputError(
                f"{path} is not a result of a run", "move it elsewhere first; everything here is destroyed"
            )


def expired(project: Project, today: dt.date | None = None) -> list[ExportRecord]:
    """Exports whose time has ended, or that were recalled, and that nobody has destroyed yet."""
    day = today or dt.date.today()
    return [
        record
        for record in project.ledger.all()
        if record.destroyed is None and (record.keep_until < day or record.recalled is not None)
    ]


def _is_copy(project: Project, record: ExportRecord, folder: Path) -> bool:
    """Whether a folder holds the signed statements of an export."""
    try:
        kept = (project.folder / "statements" / f"{record.id}.jsonl").read_bytes()
        return (folder / STATEMENTS).read_bytes() == kept
    except OSError:
        return False


def _record(project: Project, folder: Path) -> ExportRecord:
    """The export in a folder: by the folder it was written to, or by the files that are in it."""
    place = str(folder.absolute())
    records = [record for record in project.ledger.all() if record.destroyed is None]
    found = next(
        (record for record in reversed(records) if record.place == place or _is_copy(project, record, folder)), None
    )
    if found is None or not folder.is_dir():
        raise InputError(
            f"{folder} is not an export of {project.name}", "discreet share list --json shows where they are"
        )
    return found
