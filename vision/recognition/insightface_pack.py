"""InsightFace packs: a user's folders of ONNX files, used as they are, without the insightface package.

A pack is named ``insightface:NAME`` (in the folder where ``insightface-cli model.download NAME`` puts it) or
``insightface:FOLDER``. The weights are for non-commercial research only, so nobody gets them without asking for them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from timeline import ModelError
from weights import default_manifest, open_session

PREFIX = "insightface:"
HOME = Path("~/.insightface/models")
KINDS = {"recognition": ("w600k_*.onnx", "glintr*.onnx", "arcface*.onnx"), "detection": ("det_*.onnx", "scrfd_*.onnx")}
"""File name patterns of each kind in the packs."""
FAMILY = "arcface-mbf"
"""The manifest's model whose calibration applies to a pack's recogniser: the same loss and the same training people."""


@dataclass(frozen=True, slots=True)
class PackModel:
    """One ONNX file of a pack.

    Attributes:
        path: where it is.
        id: the id under which its templates are kept: the manifest's id if the manifest knows the file, else its name
            and the beginning of its hash, so that templates of two files are never mixed.
        sha256: of the file.
        known: whether the manifest knows it.
    """

    path: Path
    id: str
    sha256: str
    known: bool

    def session(self) -> Any:
        """Its ONNX Runtime session. Raises ModelError if it cannot be loaded."""
        try:
            return open_session(self.path)
        except Exception as error:  # onnxruntime raises its own, undocumented types
            raise ModelError(f"{self.path} cannot be loaded: {error}", "download the pack again") from error


def is_pack(name: str) -> bool:
    """Whether the settings name a pack, not a model of the store."""
    return name.startswith(PREFIX)


def pack_model(name: str, kind: Literal["recognition", "detection"]) -> PackModel:
    """The file of this kind in the pack ``name``. Raises ModelError unless there is exactly one."""
    wanted = name.removeprefix(PREFIX)
    plain = wanted and not any(mark in wanted for mark in "/\\~.")
    place = (HOME / wanted if plain else Path(wanted)).expanduser()
    if not wanted or not place.is_dir():
        fetch = f"insightface-cli model.download {wanted}" if plain else "give the pack's folder: insightface:/path"
        raise ModelError(
            f"there is no InsightFace pack at {place}",
            f"for non-commercial use only: {fetch} (pip install 'discreet[insightface]'; docs/how-to/models.md)",
        )
    files = sorted({path for pattern in KINDS[kind] for path in place.glob(pattern)})
    if len(files) != 1:
        found = ", ".join(path.name for path in files) or "none"
        names = " or ".join(KINDS[kind])
        raise ModelError(f"{place} should hold one {kind} model, there is: {found}", f"keep one file called {names}")
    stat = files[0].stat()
    digest = _sha256(files[0], stat.st_size, stat.st_mtime_ns)
    for model in default_manifest().models:
        if [file.sha256 for file in model.files] == [digest]:
            return PackModel(files[0], model.id, digest, True)
    return PackModel(files[0], f"{files[0].stem}-{digest[:8]}", digest, False)


@lru_cache(maxsize=8)
def _sha256(path: Path, size: int, changed: int) -> str:
    del size, changed  # part of the key: a changed file is hashed again
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
