"""One export: decided, made, checked, written into the audit log, and only then served."""

from __future__ import annotations

import base64
import datetime as dt
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from discreet.config.settings import Settings
from discreet.results.folder import EXPORTS
from discreet.results.share_checks import SpokenTerms
from discreet.share.checks import Checks, HiddenPeople, checks_for
from discreet.share.destination import check_target, serve
from discreet.share.inclusion import Inclusions
from discreet.share.levels import make_level
from discreet.share.project import Project
from discreet.share.request import Exported, ExportRequest, UnsafeExportError
from discreet.share.sessions import WITH_RECORDING, collect
from discreet.share.staging import clean_staging, staging_folder
from discreet.version import __version__
from registered import private_folder, write_private
from sharing import Checker, Terms, require_libraries
from sharing.exports import (
    DATA,
    STATEMENTS,
    ExportFacts,
    ExportFolder,
    ExportPapers,
    ExportRecord,
    FileOrigin,
    Inspection,
    Signer,
    keep_until,
    recall_list,
)
from sharing.levels import Artefact, Session
from timeline import DiscreetError, OutputError, RefusedError, UnsafeError
from weights import Store

TEXTS = {name: EXPORTS[name] for name in ("turns.rttm", "transcript.vtt", "transcript.srt", "transcript.txt")}
"""What is made from a session's document. The text files of AAVID hold scores of speaking, and stay here."""
LIBRARIES, RECORDING_LIBRARIES = ("rocrate", "securesystemslib"), ("c2pa",)
"""Optional libraries that every export needs, and those that one with a recording needs."""
UNSEEN = ("faces in the pictures and original voices in the sound (--no-look)",)
UNHEARD = ("private words in the sound (--no-listen)",)


def export(project: Project, request: ExportRequest, settings: Settings) -> Exported:
    """Make and serve an export.

    Raises:
        RefusedError: the governance or consent does not allow it; the refusal is in the audit log.
        UnsafeError: the gate found something that must not leave; nothing is left.
        InputError: a folder holds no results.
        OutputError: something cannot be written; nothing is served.
        MissingExtraError: an extra is not installed.
    """
    clean_staging(project.folder)
    _decide(project, request)
    check_target(request.out, [*request.folders, project.registry.folder])
    require_libraries(*LIBRARIES, *(RECORDING_LIBRARIES if request.level in WITH_RECORDING else ()))
    id = "E-" + base64.b32encode(secrets.token_bytes(10)).decode()[:13]
    try:
        with staging_folder(project.folder, id) as staging:
            consents = Inclusions(project, request.asked).everywhere()
            sessions, left_out = collect(project, request, settings, staging)
            artefact = make_level(project, request.level, TEXTS, request.options).make(sessions)
            record = _make(project, request, settings, _Made(id, staging / "export", sessions, artefact))
            with _announced(project, record, staging / "export" / STATEMENTS):
                # Whoever withdrew after it was announced finds it in the ledger; whoever did before is found here.
                if Inclusions(project, request.asked).everywhere() != consents:
                    raise RefusedError("somebody's consent changed while the export was made", "export again")
                serve(staging / "export", request.out)
    except (RefusedError, UnsafeError) as error:
        project.note("export", subject=id, outcome="refused", **_about(request), detail={"why": type(error).__name__})
        raise
    return Exported(record, left_out, artefact.notes)


@dataclass(frozen=True)
class _Made:
    id: str
    folder: Path
    sessions: Sequence[Session]
    artefact: Artefact


def _about(request: ExportRequest) -> dict[str, str]:
    return {"role": request.asked.role, "purpose": request.asked.purpose}


def _decide(project: Project, request: ExportRequest) -> None:
    asked = request.asked
    decision = project.decisions.export(asked.recipient, asked.role, asked.purpose, request.level)
    if not decision:
        detail = {"level": request.level, "recipient": asked.recipient}
        project.note("export", outcome="refused", **_about(request), detail=detail)
        raise RefusedError(decision.reason, decision.remedy)


def _make(project: Project, request: ExportRequest, settings: Settings, made: _Made) -> ExportRecord:
    """Write the data, let the gate look, add the papers and sign; the record for the ledger."""
    folder = ExportFolder(made.folder)
    folder.put(made.artefact)
    how = _inspection(project, request, settings)
    findings = folder.inspect(made.artefact, how)
    if findings:
        raise UnsafeExportError(findings)
    facts = _facts(project, request, made.id)
    signer = Signer(project.signing_seed)
    recalls = recall_list(project.ledger.all(), facts.issued, project.governance.recalls.fresh_days)
    about = ExportPapers(facts, project.governance, _provenance(project, request, made), recalls)
    files = folder.finish(made.artefact, how, about, signer)
    return ExportRecord(
        id=made.id,
        at=facts.issued,
        recipient=facts.recipient,
        role=facts.role,
        purpose=facts.purpose,
        level=facts.level,
        keep_until=dt.date.fromisoformat(facts.keep_until),
        people=tuple(sorted({one.token for session in made.sessions for one in session.people.values()})),
        sessions=tuple(session.token for session in made.sessions),
        files=files,
        place=str(request.out.absolute()),
    )


def _inspection(project: Project, request: ExportRequest, settings: Settings) -> Inspection:
    terms = Terms([*(person.name for person in project.registry.people()), *settings.redaction.deny])
    if project.registry.damaged():
        raise UnsafeError(
            "a record of somebody enrolled cannot be read, so their name cannot be looked for", "discreet people list"
        )
    if request.level not in WITH_RECORDING:
        return Inspection(TEXTS, terms)
    store = Store()
    checks = checks_for(store, settings, _hidden(project, request)) if request.look else Checks((), UNSEEN)
    listeners: tuple[Checker, ...] = (SpokenTerms(store, settings, terms),) if request.listen else ()
    unchecked = (*checks.not_checked, *(() if request.listen else UNHEARD))
    return Inspection(TEXTS, terms, (*checks.checkers, *listeners), unchecked)


def _hidden(project: Project, request: ExportRequest) -> HiddenPeople:
    """Whom the gate looks and listens for: everybody enrolled who may not be seen or heard in this export."""
    included = Inclusions(project, request.asked).everywhere()
    return HiddenPeople(
        people=tuple(project.registry.people()),
        seen=frozenset(id for id, one in included.items() if one.seen),
        heard=frozenset(id for id, one in included.items() if one.heard),
        shown=lambda timeline: frozenset(person.id for person in timeline.people if person.seen),
    )


def _facts(project: Project, request: ExportRequest, id: str) -> ExportFacts:
    rules, asked = project.governance, request.asked
    grant = rules.grant(asked.role, asked.purpose)
    assert grant is not None  # decided before
    issued = dt.datetime.now(dt.UTC).replace(microsecond=0)
    head = project.log.head()
    return ExportFacts(
        id=id,
        project=rules.project,
        controller=rules.controller,
        contact=rules.contact,
        recipient=asked.recipient,
        role=asked.role,
        purpose=asked.purpose,
        level=request.level,
        issued=issued,
        keep_until=keep_until(issued, rules.retention[grant.retention].days).isoformat(),
        obligations=tuple(rules.obligations[name].text for name in grant.obligations),
        terms=rules.terms(asked.purpose),
        recalls=rules.recalls.address,
        log_number=head.number,
        log_hash=head.hash,
    )


def _provenance(project: Project, request: ExportRequest, made: _Made) -> dict[str, FileOrigin]:
    """Path -> how it was made, of every file of data."""
    sessions = {session.token: session.timeline.provenance for session in made.sessions}
    out = {}
    for name in (*made.artefact.texts, *made.artefact.recordings):
        provenance = sessions.get(name.partition("/")[0])
        out[f"{DATA}/{name}"] = FileOrigin(
            source=project.tokens.source(provenance.origin) if provenance is not None else "",
            steps=("process", "share", request.level),
            version=__version__,
            models=dict(provenance.models) if provenance is not None else {},
            parameters=request.options.parameters(),
        )
    return out


@contextmanager
def _announced(project: Project, record: ExportRecord, statements: Path) -> Iterator[None]:
    """Announce an export, which is then served; if it is not, take it out of the ledger again and log the failure."""
    _announce(project, record, statements)
    try:
        yield
    except DiscreetError as error:
        project.ledger.remove(record.id)
        (project.folder / "statements" / f"{record.id}.jsonl").unlink(missing_ok=True)
        if isinstance(error, OutputError):
            project.note("export", subject=record.id, outcome="failed", role=record.role, purpose=record.purpose)
        raise


def _announce(project: Project, record: ExportRecord, statements: Path) -> None:
    """Ledger first, so that a recall finds it; then the audit log. Nothing was served yet."""
    kept = project.folder / "statements"
    private_folder(kept)
    write_private(kept / f"{record.id}.jsonl", statements.read_bytes())
    project.ledger.add(record)
    detail = {
        "level": record.level,
        "recipient": record.recipient,
        "people": len(record.people),
        "sessions": len(record.sessions),
        "files": len(record.files),
    }
    project.note(
        "export", subject=record.id, outcome="allowed", role=record.role, purpose=record.purpose, detail=detail
    )
