"""Somebody withdraws: every export with their data is recalled, its recipients are named, the templates destroyed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from discreet.share.project import Project
from registered import Enrolled, Registry, withdraw, write_private
from sharing.exports import RECALLS, STATEMENTS, ExportRecord, Signer, recall_list, signed_recalls
from sharing.policy import FILE
from timeline import InputError, OutputError, write_file

LIMITS = (
    "A copy on a computer that is never connected, or in the hands of somebody who does not verify, cannot be reached:"
    " write to the recipients named above.",
    "The results on this computer are not changed: process the recordings again, or delete them.",
)
"""What a recall cannot do."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What was recalled, by project, and where the signed lists are."""

    person: Enrolled
    recalled: Sequence[tuple[str, ExportRecord]]
    lists: Sequence[Path]


def projects(registry: Registry) -> list[Project]:
    """Every project of a registry, by name."""
    return [Project(path.parent.name, registry) for path in sorted((registry.folder / "sharing").glob(f"*/{FILE}"))]


def revoke(registry: Registry, name: str, export: str | None = None) -> Withdrawn:
    """Recall what was given away of somebody.

    Args:
        registry: of the people.
        name: or id of somebody enrolled.
        export: this export only; then the templates and the consent stay. None: everything.

    Raises:
        PeopleError: nobody is called that.
        InputError: the export does not exist, or they are not in it.
        OutputError: it cannot be written.
    """
    person = registry.get(name)
    found: list[tuple[Project, list[ExportRecord]]] = []
    for project in projects(registry):
        records = project.ledger.with_person(project.tokens.person(person.id))
        found.append((project, [record for record in records if export in (None, record.id)]))
    if export is not None and not any(records for _, records in found):
        raise InputError(f"{export} is not an export with data of that person", "discreet share list lists them all")
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    lists = []
    for project, records in found:
        if records:
            token = project.tokens.person(person.id)
            project.note("revoke", subject=token, detail={"exports": len(records)})
            project.ledger.recall([record.id for record in records], "consent was withdrawn", now)
            lists += publish_recalls(project, now)
    if export is None:
        person = withdraw(registry, person.id)
    recalled = [(project.name, project.ledger.get(record.id)) for project, records in found for record in records]
    return Withdrawn(person, recalled, lists)


def publish_recalls(project: Project, now: dt.datetime | None = None) -> list[Path]:
    """Write the signed list of recalls.

    It is written to the project, to its address where that is a file of this computer, and into each export that can
    still be reached in the folder it was made in, so that ``discreet share verify`` sees it there as well.

    Raises:
        OutputError: it cannot be written.
        GovernanceError: the governance cannot be read.
    """
    now = now or dt.datetime.now(dt.UTC).replace(microsecond=0)
    rules = project.governance.recalls
    text = signed_recalls(recall_list(project.ledger.all(), now, rules.fresh_days), Signer(project.signing_seed))
    paths = [project.folder / RECALLS]
    if rules.address and "://" not in rules.address:
        paths.append(Path(rules.address).expanduser())
    for path in paths:
        write_private(path, text.encode())
    return [*paths, *_into_exports(project, text)]


def _into_exports(project: Project, text: str) -> list[Path]:
    """Put the list into the exports that are still where they were made; the files that were written."""
    written = []
    for record in project.ledger.all():
        kept = project.folder / "statements" / f"{record.id}.jsonl"
        there = Path(record.place) / STATEMENTS
        try:
            if record.place and there.read_bytes() == kept.read_bytes():
                write_file(Path(record.place) / RECALLS, text)
                written.append(Path(record.place) / RECALLS)
        except (OSError, OutputError):  # moved, handed over or destroyed: the list has to be fetched from its address
            continue
    return written
