"""Linkage: what joins one folder with another, or with a recording that somebody else has."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from discreet.redteam.attack import Attacked, counted, not_attacked
from discreet.redteam.target import Session, Target
from sharing.gate import MEDIA_SUFFIXES

TOKEN = re.compile(rb"\b(?:[PS]-[A-Z2-7]{13}|[0-9a-f]{32,64})\b")
"""What identifies somebody or something: pseudonyms, and hashes in hex."""
PAPERS = ("provenance.jsonl", "recalls.json", "ro-crate-metadata.json", "credentials.pem", "gate.json", "gate.html")
"""Files that name the export itself and its files, not people."""


def across_folders(targets: Sequence[Target]) -> Attacked:
    """Identifiers that two folders share. Within one project that is meant, across projects it is not."""
    name = "linkage across folders"
    if len(targets) < 2:
        return not_attacked(name, "it needs two folders, best of two projects")
    public = {hash.encode() for target in targets for one in target.sessions for hash in _models(one)}
    found = [{*_identifiers(target)} - public for target in targets]
    places = [
        f"{one.folder.name} and {other.folder.name}: {len(shared)} identifiers"
        for (one, first), (other, second) in combinations(zip(targets, found, strict=True), 2)
        if (shared := first & second)
    ]
    pairs = len(targets) * (len(targets) - 1) // 2
    attacked = counted(name, places, pairs, "pairs of folders with a common identifier")
    # Of one project a pseudonym is meant to be the same: whoever gave the folders knows whether they are.
    return attacked.model_copy(update={"light": "amber"}) if places else attacked


def with_source(targets: Sequence[Target]) -> Attacked:
    """Plain hashes of a source: whoever has the recording can tell that it is this one."""
    places = []
    for target in targets:
        for session in target.sessions:
            if session.timeline.provenance.source_sha256:
                places.append(f"{target.folder.name}/{session.name}")
    sessions = sum(len(target.sessions) for target in targets)
    if not sessions:
        return not_attacked("linkage with the source", "there are no documents")
    return counted("linkage with the source", places, sessions, "documents with a plain hash of the source")


def _models(session: Session) -> Iterator[str]:
    """Hashes of models, which every result of the same version has."""
    yield from session.timeline.provenance.models.values()


def _identifiers(target: Target) -> Iterator[bytes]:
    for name, path in target.files():
        if path.suffix in MEDIA_SUFFIXES:
            with path.open("rb") as file:
                yield hashlib.file_digest(file, "sha256").digest()
        elif path.name not in PAPERS:
            yield from TOKEN.findall(path.read_bytes())
            yield from TOKEN.findall(name.encode())
