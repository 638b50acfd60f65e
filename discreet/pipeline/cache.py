"""Stores stage results so that an interrupted run can continue, encrypted because they hold what must not leak.

Before redaction a stage knows private words and the faces and voices of strangers. So every result is sealed and bound
to its run, and the folder is deleted when the run is done. The key is destroyed when somebody is forgotten: after that,
nothing an interrupted run left can be read.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

from timeline import DiscreetError, Folder, make_folder, read_file

T = TypeVar("T")

SUFFIX = ".sealed"


class Sealer(Protocol):
    """The part of a vault that the cache needs (``Registry.stages``)."""

    def seal(self, plaintext: bytes, aad: bytes) -> bytes:
        """Encrypt ``plaintext``, bound to ``aad``."""
        ...

    def open_sealed(self, sealed: bytes, aad: bytes) -> bytes:
        """Decrypt the result of :meth:`seal`. Raises DiscreetError if it is not one."""
        ...


def run_key(facts: dict[str, Any]) -> str:
    """A hash of everything a result depends on: the recording, the settings, the models, the people."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()


class StageCache:
    """The stored results of one run, in a hidden folder beside the results."""

    def __init__(self, folder: Path, sealer: Sealer, key: str) -> None:
        self._folder = folder
        self._sealer = sealer
        self._key = key

    def _path(self, stage: str) -> Path:
        return self._folder / f"{stage}{SUFFIX}"

    def _aad(self, stage: str) -> bytes:
        return f"discreet/stage/{stage}/{self._key}".encode()

    def load(self, stage: str, decode: Callable[[bytes], T]) -> T | None:
        """The stored result; None if there is none, or it is damaged or belongs to another run."""
        try:
            return decode(self._sealer.open_sealed(read_file(self._path(stage)), self._aad(stage)))
        except (OSError, ValueError, KeyError, DiscreetError):
            return None

    def holds(self, stage: str) -> bool:
        """Whether something is stored for that stage."""
        return self._path(stage).is_file()

    def keep(self, stage: str, data: bytes) -> None:
        """Seal and store a result. If it cannot be written, the run goes on without it."""
        with contextlib.suppress(OSError):
            make_folder(self._folder.parent)
            with Folder(self._folder.parent) as above, above.subfolder(self._folder.name, private=True) as folder:
                folder.write(self._path(stage).name, self._sealer.seal(data, self._aad(stage)), private=True)

    def clear(self) -> None:
        """Remove every stored result."""
        with contextlib.suppress(OSError), Folder(self._folder.parent) as above:
            above.remove_tree(self._folder.name)
