"""The papers of an export: ``AGREEMENT.md``, ``dictionary.csv``, the gate's report as a page, RO-Crate metadata."""

from __future__ import annotations

import csv
import html
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sharing.exports.statements import ExportFacts
from sharing.gate import Finding
from sharing.levels import LEVELS, Column
from sharing.optional_libraries import load
from sharing.policy import Governance
from timeline import number_of

AGREEMENT, DICTIONARY, CRATE = "AGREEMENT.md", "dictionary.csv", "ro-crate-metadata.json"
GATE, GATE_PAGE = "gate.json", "gate.html"
_TYPES = {
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".m4a": "audio/mp4",
    ".md": "text/markdown",
    ".mp4": "video/mp4",
    ".rttm": "text/plain",
    ".srt": "application/x-subrip",
    ".txt": "text/plain",
    ".vtt": "text/vtt",
    ".wav": "audio/wav",
}


def dictionary(columns: Sequence[Column]) -> str:
    """The data dictionary as CSV: file, name, unit and meaning of every value."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["file", "name", "unit", "meaning"])
    rows.writerows([column.file, column.name, column.unit, column.meaning] for column in columns)
    return out.getvalue()


def agreement(facts: ExportFacts, governance: Governance, notes: Sequence[str], columns: Sequence[Column] = ()) -> str:
    """The agreement between sender and recipient, to be signed by both; it says what the export holds."""
    recipient = governance.recipients[facts.recipient]
    held = LEVELS[facts.level]
    duties = [f"- {text}" for text in facts.obligations] or ["- None beyond the law."]
    lines = [
        f"# Agreement on the use of data: {governance.project}",
        "",
        f"Export {facts.id}, {facts.issued:%Y-%m-%d}, level `{facts.level}`.",
        "",
        f"- Given by: {governance.controller} ({governance.contact})",
        f"- Given to: {recipient.about}, as {facts.role}: {governance.roles[facts.role].about}",
        f"- For: {governance.purposes[facts.purpose].about} (`{facts.purpose}`). For nothing else.",
        f"- Until: {facts.keep_until}",
        "",
        "## What it holds",
        "",
        f"{held[0].upper()}{held[1:]}. Its values (`{DICTIONARY}` has them file by file):",
        "",
        *(f"- {column.name} ({column.unit}): {column.meaning}" for column in columns),
        "",
        *(f"- {note}" for note in notes),
        "",
        "## Duties of the recipient",
        "",
        *duties,
        "",
        "## Recall",
        "",
        "People can withdraw at any time. Then this export is recalled: stop using it and destroy every copy.",
        "Before each use, check that it was not recalled:",
        "",
        "    discreet share verify FOLDER --key KEY.pem",
        "",
        f"The list of recalls is at {facts.recalls}."
        if facts.recalls
        else "The list of recalls has no address. Ask the contact above for a new one, and add `--recalls FILE`.",
        "",
        "A recall cannot reach a copy that nobody checks. So do not make such copies.",
        "",
        "| for the sender | for the recipient |",
        "|---|---|",
        "| date, name, signature | date, name, signature |",
    ]
    return "\n".join(lines) + "\n"


def gate_report(findings: Sequence[Finding], not_checked: Sequence[str]) -> str:
    """``gate.json``: what the gate found, and what it did not check."""
    plain = {
        "safe": not findings,
        "findings": [finding.model_dump(mode="json") for finding in findings],
        "not_checked": list(not_checked),
    }
    return json.dumps(plain, indent=1) + "\n"


def gate_page(findings: Sequence[Finding], not_checked: Sequence[str]) -> str:
    """The gate's report for people: a page without scripts."""
    rows = "".join(
        f"<tr><td>{html.escape(f.file)}</td><td>{html.escape(f.place)}</td><td>{html.escape(f.kind)}</td>"
        f"<td>{f.score:.2f}</td><td>{html.escape(f.reason)}</td><td>{html.escape(f.remedy)}</td></tr>"
        for f in findings
    )
    said = (
        "Nothing was found that must not leave."
        if not findings
        else f"{number_of(len(findings), 'finding')}: do not pass it on."
    )
    head = "<tr><th>file</th><th>place</th><th>kind</th><th>score</th><th>reason</th><th>remedy</th></tr>"
    table = f"<table>{head}{rows}</table>" if findings else ""
    skipped = "".join(f"<li>{html.escape(one)}</li>" for one in not_checked)
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Gate report</title>'
        "<style>body{font:16px sans-serif;margin:2em}td,th{padding:.2em .8em;text-align:left}</style>"
        f"<h1>Gate report</h1><p>{said}</p>{table}"
        + (f"<h2>Not checked</h2><ul>{skipped}</ul>" if skipped else "")
        + "</html>\n"
    )


def crate(facts: ExportFacts, governance: Governance, files: Mapping[str, str]) -> str:
    """``ro-crate-metadata.json`` (RO-Crate 1.3) about the files of an export.

    Args:
        facts: about the export.
        governance: of the project.
        files: path -> SHA-256 in hex.

    Raises:
        MissingExtraError: the extra ``sharing`` is not installed.
    """
    module, entities = load("rocrate.rocrate"), load("rocrate.model")
    made = module.ROCrate()
    made.name = f"{governance.project}: {facts.level} for {facts.purpose}"
    made.description = f"{governance.purposes[facts.purpose].about} Terms of use: {AGREEMENT}"
    made.license = AGREEMENT
    made.datePublished = facts.issued
    root: Any = made.root_dataset
    root["identifier"] = facts.id
    root["expires"] = facts.keep_until
    codes = governance.purposes[facts.purpose].duo
    if codes:
        root["conditionsOfAccess"] = "Data Use Ontology: " + ", ".join(codes)
    for role, id, name in (
        ("publisher", "#controller", governance.controller),
        ("audience", "#recipient", governance.recipients[facts.recipient].about),
    ):
        root[role] = made.add(entities.ContextEntity(made, id, properties={"@type": "Organization", "name": name}))
    for name, digest in sorted(files.items()):
        suffix = name[name.rfind(".") :]
        properties = {"sha256": digest, "encodingFormat": _TYPES.get(suffix, "application/octet-stream")}
        made.add(entities.File(made, dest_path=name, properties=properties))
    return json.dumps(made.metadata.generate(), indent=1, sort_keys=True) + "\n"
