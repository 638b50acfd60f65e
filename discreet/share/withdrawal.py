"""Somebody withdraws: every export with their data is recalled, its recipients are named, the templates destroyed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from discreet.share.identity_links import forget_links
from discreet.share.project import Project
from registered import Consent, Enrolled, Forgotten, Registry, merged, withdraw, write_private
from sharing.exports import RECALLS, STATEMENTS, ExportRecord, Signer, recall_list, signed_recalls
from sharing.policy import FILE
from timeline import DiscreetError, InputError, OutputError, write_file

LIMITS = (
    "Copies that are offline, or with somebody who does not verify them, cannot be reached: write to the recipients"
    " named above.",
    "Results on this computer do not change: process the recordings again, or delete them.",
)
"""What a recall cannot do."""


@dataclass
class Recalled:
    """What a withdrawal did with exports.

    Attributes:
        recalled: each recalled export, with the name of its project.
        lists: where the signed lists of recalls were written.
        problems: what could not be done, and in which project; it does not keep the rest from being done.
    """

    recalled: list[tuple[str, ExportRecord]] = field(default_factory=list)
    lists: list[Path] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @contextmanager
    def going_on(self, project: Project) -> Iterator[None]:
        """Note what fails in a project, and go on with the next."""
        try:
            yield
        except DiscreetError as error:
            self.problems.append(f"{project.name}: {error}" + (f" ({error.remedy})" if error.remedy else ""))


def projects(registry: Registry) -> list[Project]:
    """Every project of a registry, by name."""
    return [Project(path.parent.name, registry) for path in sorted((registry.folder / "sharing").glob(f"*/{FILE}"))]


def revoke(registry: Registry, name: str, export: str | None = None) -> Recalled:
    """Recall the exports with somebody's data.

    Their consent and templates go first, so that nothing more of them leaves whatever fails afterwards.

    Args:
        registry: of the people.
        name: or id of somebody enrolled.
        export: this export only; then the templates and the consent stay. None: everything.

    Raises:
        PeopleError: nobody is called that.
        InputError: the export does not exist, or they are not in it.
        OutputError: the consent or a template cannot be written; or the export cannot be looked up.
    """
    person = registry.get(name)
    if export is not None and not any(record.id == export for _, record in _with_data(registry, person.id)):
        raise InputError(f"{export} is not an export with data of that person", "discreet share list lists them all")
    done = Recalled()
    _note(registry, "revoke", person.id, done)
    if export is None:
        withdraw(registry, person.id)
    _recall(registry, person.id, export, done)
    return done


def forget(registry: Registry, name: str) -> tuple[Forgotten, Recalled]:
    """Recall the exports with somebody's data, and remove every trace of them from the registry.

    Exports are recalled first: once the id is gone, nobody can tell which ones they are in.

    Raises:
        PeopleError: nobody is called that.
        OutputError: a file cannot be removed.
    """
    found = registry.find(name)
    id = found.id if found is not None else name  # a damaged record has only its id
    done = Recalled()
    if found is not None or any(broken.id == id for broken in registry.damaged()):
        _note(registry, "forget", id, done)
        _recall(registry, id, None, done)
    removed = registry.forget(id)
    forget_links(registry, removed.id)
    return removed, done


def merge(registry: Registry, kept: str, other: str, consent: Consent | None) -> Enrolled:
    """Make one record of two; exports with either are then found by the one that is left.

    Raises:
        PeopleError: somebody is not enrolled, or the records are not of one person.
        OutputError: something cannot be written.
        UnsafeError: the audit log was cut; nothing is merged.
    """
    one, two = registry.get(kept), registry.get(other)
    merged(one, two, consent)  # rejects before anything is changed
    for project in projects(registry):
        first, second = project.tokens.person(one.id), project.tokens.person(two.id)
        project.note("merge", subject=first, detail={"other": second})
        project.ledger.add_person(second, first)
    return registry.merge(one.id, two.id, consent)


def change_consent(registry: Registry, name: str, consent: Consent) -> Enrolled:
    """Record other answers of somebody, after a line in the audit log of each project.

    Without that line only answers that take something back are recorded, and the error is raised afterwards.

    Raises:
        PeopleError: nobody is called that.
        OutputError: it cannot be written.
        UnsafeError: the audit log was cut.
    """
    person = registry.get(name)
    try:
        for project in projects(registry):
            project.note("consent.change", subject=project.tokens.person(person.id))
    except DiscreetError:
        if consent.answers() <= person.consent.answers():
            registry.set_consent(person.id, consent)
        raise
    return registry.set_consent(person.id, consent)


def _with_data(registry: Registry, id: str) -> Iterator[tuple[Project, ExportRecord]]:
    for project in projects(registry):
        yield from ((project, record) for record in project.ledger.with_person(project.tokens.person(id)))


def _note(registry: Registry, action: str, id: str, done: Recalled) -> None:
    for project in projects(registry):
        with done.going_on(project):
            token = project.tokens.person(id)
            project.note(action, subject=token, detail={"exports": len(project.ledger.with_person(token))})


def _recall(registry: Registry, id: str, export: str | None, done: Recalled) -> None:
    """Mark exports with somebody's data as recalled in every project, and publish the lists."""
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    for project in projects(registry):
        with done.going_on(project):
            held = project.ledger.with_person(project.tokens.person(id))
            ids = [record.id for record in held if export in (None, record.id)]
            if ids:
                project.ledger.recall(ids, "consent was withdrawn", now)
                done.recalled += [(project.name, project.ledger.get(id)) for id in ids]
                done.lists += publish_recalls(project, now)


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
