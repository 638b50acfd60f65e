"""The audit log for people from outside: what is wrong with it, what is unusual, and everything in one folder."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from discreet.share.project import Project, audit_log
from discreet.share.withdrawal import projects
from registered import Registry
from sharing.audit import Anomaly, Damage, Entry, Head, anomalies
from sharing.exports import Signer, hashes, verify_export
from sharing.policy import GovernanceError
from timeline import InputError, OutputError, UnsafeError, make_folder, write_file

DICTIONARY = """file,name,meaning
log.jsonl,number,"number of the line, from 1, without gaps"
log.jsonl,at,time in UTC
log.jsonl,actor,keyed hash of the system account that asked
log.jsonl,role,"the role of who receives something, as in governance.toml"
log.jsonl,action,what was asked for
log.jsonl,subject,"the export, person (pseudonym) or recording it was about"
log.jsonl,purpose,the purpose that was stated
log.jsonl,outcome,"allowed, refused, done or failed"
log.jsonl,detail,"more facts: ids, counts, reasons"
findings.json,damage,lines of the log that were changed or are missing
findings.json,unusual,"days on which somebody read, exported or was refused more than usual"
findings.json,open,"what is not in order, with the day it was found"
PROJECT/governance.toml,,"the access configuration: who may be given what"
PROJECT/exports.jsonl,,"the ledger: each export, to whom, its files with SHA-256, people as pseudonyms"
PROJECT/statements/ID.jsonl,,"how each file of an export was made: steps, versions, models, parameters; signed"
PROJECT/key.pub,,the public key that opens the statements
manifest.json,,SHA-256 of every file of this bundle
"""


@dataclass(frozen=True, slots=True)
class Audited:
    """What is wrong with the log, and what is unusual in it."""

    lines: int
    damage: Sequence[Damage]
    unusual: Sequence[Anomaly]


def audited(registry: Registry, exports: Sequence[Path] = ()) -> Audited:
    """Verify the log, also against the heads that exports carry, and look for unusual access.

    Raises:
        UnsafeError: the log, or the head that is kept, cannot be read; or an export was changed.
        InputError: a folder is no export.
    """
    log = audit_log(registry)
    heads = [_head(registry, folder) for folder in exports]
    entries = log.entries()
    return Audited(len(entries), log.verify(*heads), anomalies(entries))


def entries(registry: Registry, project: str | None = None) -> list[Entry]:
    """The lines of the log, of one project or of all."""
    return [one for one in audit_log(registry).entries() if project is None or one.detail.get("project") == project]


def bundle(registry: Registry, out: Path, today: str) -> list[str]:
    """Write everything that somebody from outside needs to check how sharing went; the names of its files.

    It holds no name of a participant: people are pseudonyms there, accounts keyed hashes.

    Raises:
        OutputError: the folder already exists, or cannot be written.
    """
    if out.exists():
        raise OutputError(f"{out} already exists", "choose another folder with --out")
    found = audited(registry)
    opened = projects(registry)
    texts = {
        "dictionary.csv": DICTIONARY,
        "log.jsonl": "".join(entry.model_dump_json() + "\n" for entry in entries(registry)),
        "findings.json": json.dumps(_findings(found, opened, today), indent=1, default=str) + "\n",
    }
    for project in opened:
        texts[f"{project.name}/governance.toml"] = project.path.read_text(encoding="utf-8")
        texts[f"{project.name}/key.pub"] = Signer(project.signing_seed).public_key().decode()
        records = (record.model_copy(update={"place": ""}) for record in project.ledger.all())
        texts[f"{project.name}/exports.jsonl"] = "".join(record.model_dump_json() + "\n" for record in records)
        for path in sorted((project.folder / "statements").glob("*.jsonl")):
            texts[f"{project.name}/statements/{path.name}"] = path.read_text(encoding="utf-8")
    for name, text in texts.items():
        make_folder((out / name).parent)
        write_file(out / name, text)
    write_file(out / "manifest.json", json.dumps(hashes(out), indent=1) + "\n")
    return sorted([*texts, "manifest.json"])


def open_points(project: Project) -> list[str]:
    """What is not in order in a project's governance, for assessments and auditors."""
    try:
        rules = project.governance
    except GovernanceError as error:
        return [f"The governance cannot be used, so nothing is shared: {error}."]
    points = []
    if not rules.recalls.address:
        points.append("Recipients have no address at which to look for recalls ([recalls] address).")
    if "(fill in)" in (rules.controller, rules.contact):
        points.append("Controller or contact is not filled in.")
    if rules.unknown_people == "as-made":
        points.append("People of whom nobody knows who they are are part of exports (unknown_people).")
    if not rules.sensitive:
        points.append("It is not said what is sensitive ([sensitive]).")
    late = [r.id for r in project.ledger.all() if r.recalled is not None and r.destroyed is None]
    if late:
        points.append(f"Recalled, and no destruction certified: {', '.join(late)}.")
    return points


def _findings(found: Audited, opened: Sequence[Project], today: str) -> dict[str, object]:
    return {
        "damage": [str(one) for one in found.damage],
        "unusual": [asdict(one) for one in found.unusual],
        "open": [
            {"project": project.name, "found": today, "what": point}
            for project in opened
            for point in open_points(project)
        ],
    }


def _head(registry: Registry, folder: Path) -> Head:
    """The head of the log that an export of one of the projects carries."""
    for project in projects(registry):
        key = Signer(project.signing_seed).public_key()
        try:
            facts = verify_export(folder, key, (), dt.datetime.now(dt.UTC)).facts
        except UnsafeError:  # of another project
            continue
        return Head(number=facts.log_number, hash=facts.log_hash)
    raise InputError(
        f"{folder} is not an export of a project on this machine", "give a folder that discreet share export made"
    )
