"""What a run found beyond the public form of its document, sealed with the registry for its owner.

``timeline.json`` may be passed on. Similarities, the places of masked faces and the hash of the recording stay in
``results/`` of the registry's folder, sealed with the key of stored stages, which is destroyed when somebody is
forgotten.
"""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

from pydantic import ValidationError

from registered import Registry, SealError, private_subfolder, shred, write_private
from timeline import Timeline, read_file

SUFFIX = ".sealed"
_PURPOSE = "results/details"


def source_token(registry: Registry, sha256: str) -> str:
    """A keyed hash of a recording's SHA-256, hex: the same for the same recording, and only computable with the key."""
    return hmac.new(registry.secret(_PURPOSE), f"source {sha256}".encode(), hashlib.sha256).hexdigest()


def keep_details(registry: Registry, timeline: Timeline) -> None:
    """Store the whole document of a result. Raises OutputError if it cannot be written."""
    path = _path(registry, timeline)
    private_subfolder(registry.folder, path.parent.name)
    write_private(path, registry.stages().seal(timeline.to_json().encode(), _aad(path)))


def details(registry: Registry, timeline: Timeline) -> Timeline | None:
    """The whole document as the run made it, for its public form, without later changes of labels.

    None if it is missing, was changed, or can no longer be opened because somebody was forgotten.
    """
    path = _path(registry, timeline)
    try:
        return Timeline.from_json(registry.stages().open_sealed(read_file(path), _aad(path)))
    except (OSError, SealError, ValidationError):
        return None


def destroy_details(registry: Registry, timeline: Timeline) -> bool:
    """Overwrite and remove what is kept of a result; whether there was something. Raises OutputError if it stays."""
    path = _path(registry, timeline)
    there = path.exists()
    shred(path)
    return there


def _path(registry: Registry, timeline: Timeline) -> Path:
    facts = f"result {timeline.provenance.origin}\n{timeline.provenance.created}"
    key = hmac.new(registry.secret(_PURPOSE), facts.encode(), hashlib.sha256).hexdigest()[:32]
    return registry.folder / "results" / f"{key}{SUFFIX}"


def _aad(path: Path) -> bytes:
    return f"discreet/details/1/{path.stem}".encode()
