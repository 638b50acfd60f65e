"""Signed statements about an export: in-toto Statements (v1) in DSSE envelopes, one per line in ``provenance.jsonl``.

The first line covers all files together, so that none can be added or removed. Each data file has its own statement:
its source (a keyed hash, which reveals nothing to others), the steps, the models and the parameters.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import AwareDatetime, Field, ValidationError

from sharing.exports.signing import Signer, opened
from timeline import Document, UnsafeError

FILE = "provenance.jsonl"
KIND = "application/vnd.in-toto+json"
STATEMENT = "https://in-toto.io/Statement/v1"
EXPORT = "urn:discreet:export:1"
MADE = "urn:discreet:provenance:1"


class ExportFacts(Document):
    """The signed facts about an export as a whole.

    Attributes:
        id: of the export.
        project: the project's name.
        controller: who is responsible for the data.
        contact: whom to write to.
        recipient: who got it.
        role: the recipient's role.
        purpose: what it is for.
        level: the kind of export.
        issued: when.
        keep_until: the last day on which it may be kept.
        obligations: the recipient's duties.
        terms: the fingerprint of what the people in it agreed to.
        recalls: where to look for recalls.
        log_number: number of the last line of the audit log before this export.
        log_hash: its hash, in hex.
    """

    id: str
    project: str
    controller: str
    contact: str
    recipient: str
    role: str
    purpose: str
    level: str
    issued: AwareDatetime
    keep_until: str
    obligations: tuple[str, ...] = ()
    terms: str = ""
    recalls: str = ""
    log_number: int = Field(0, ge=0)
    log_hash: str = ""


class FileOrigin(Document):
    """How one data file was made.

    Attributes:
        source: keyed hash of its recording; empty if it comes from several.
        steps: names of the steps, in order.
        version: of Discreet.
        models: model -> its hash.
        parameters: of the level.
    """

    source: str = ""
    steps: tuple[str, ...] = ()
    version: str = ""
    models: dict[str, str] = Field(default_factory=dict)
    parameters: dict[str, str | int | float | bool | None] = Field(default_factory=dict)


def statement_lines(
    facts: ExportFacts, files: Mapping[str, str], made: Mapping[str, FileOrigin], signer: Signer
) -> str:
    """The content of ``provenance.jsonl``.

    Args:
        facts: about the export.
        files: every file that is covered: path -> SHA-256 in hex.
        made: path -> how it was made, for data files.
        signer: signs each line.
    """
    whole = _statement(sorted(files.items()), EXPORT, facts.model_dump(mode="json"))
    lines = [whole, *(_statement([(n, files[n])], MADE, m.model_dump(mode="json")) for n, m in sorted(made.items()))]
    signed = (signer.sign(json.dumps(line, sort_keys=True).encode(), KIND) for line in lines)
    return "".join(json.dumps(envelope) + "\n" for envelope in signed)


def _statement(files: Sequence[tuple[str, str]], kind: str, predicate: Mapping[str, Any]) -> dict[str, Any]:
    subject = [{"name": name, "digest": {"sha256": digest}} for name, digest in files]
    return {"_type": STATEMENT, "subject": subject, "predicateType": kind, "predicate": dict(predicate)}


class Attested(Document):
    """The signed content: facts about the export, the hash of each file, and how each data file was made."""

    facts: ExportFacts
    files: dict[str, str]
    made: dict[str, FileOrigin]


def read_statements(text: str, key: bytes) -> Attested:
    """Read and verify ``provenance.jsonl``.

    Raises:
        UnsafeError: a line was changed or is signed by somebody else, or the statement about all files is missing.
    """
    facts: ExportFacts | None = None
    files: dict[str, str] = {}
    made: dict[str, FileOrigin] = {}
    try:
        for statement in _statements(text, key):
            subjects = {one["name"]: one["digest"]["sha256"] for one in statement["subject"]}
            if statement["predicateType"] == EXPORT and facts is None:
                facts, files = ExportFacts.model_validate(statement["predicate"]), subjects
            elif statement["predicateType"] == MADE and len(subjects) == 1 and facts is not None:
                ((name, digest),) = subjects.items()
                if files.get(name) != digest or name in made:
                    raise UnsafeError("a statement is about another file than the export's")
                made[name] = FileOrigin.model_validate(statement["predicate"])
            else:
                raise UnsafeError("a statement that an export does not have")
    except (ValidationError, ValueError, KeyError, TypeError, RecursionError):
        raise UnsafeError(f"{FILE} does not hold statements") from None
    if facts is None:
        raise UnsafeError(f"{FILE} holds no statement about the export")
    return Attested(facts=facts, files=files, made=made)


def _statements(text: str, key: bytes) -> Iterator[dict[str, Any]]:
    for line in text.splitlines():
        statement = json.loads(opened(json.loads(line), KIND, key))
        if statement.get("_type") != STATEMENT:
            raise UnsafeError("a signed document is not a statement")
        yield statement
