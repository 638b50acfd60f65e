"""Model files that only the user can provide and whose SHA-256 we do not know: the user vouches for them.

Like other checkpoints, such a file is a pickle, so it is opened once, with ``weights_only=True``, in the child process
that converts it. It must be the file whose hash the user gave, so that no other file of that name slips in.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from timeline import ModelError
from weights.files import sha256_of
from weights.manifest import Model, ModelFile, OwnFile


def find_user_files(own: OwnFile, folders: Sequence[Path]) -> list[Path]:
    """Every file of that name in the user's folders or below."""
    places = [path for folder in folders if folder.is_dir() for path in sorted(folder.rglob(own.name))]
    return [path for path in places if path.is_file()]


def how_to_get(model: Model, own: OwnFile) -> str:
    """How to get the model, in one line."""
    return (
        f"{model.id} can only be downloaded by hand: {own.name} from {own.page} (see {model.home}); we know no hash of"
        f" it, so if you trust the file: discreet weights import {model.id} {own.name}"
    )


def find_checkpoint(model: Model, folders: Sequence[Path], vouched: str | None) -> Path:
    """The file a converted model is made from, in the user's folders or below.

    Raises ModelError unless it has the hash in the manifest or, if there is none, the hash ``vouched``.
    """
    if model.conversion is None:
        raise ModelError(f"the model {model.id} is not converted from a checkpoint", "Name another model.")
    file, digest = model.conversion.checkpoint, vouched
    names: tuple[str, ...] = (file.name,)
    if isinstance(file, ModelFile):
        names, digest = (file.name, *file.aka), file.sha256
    for folder in (folder for folder in folders if folder.is_dir()):
        for path in (path for name in names for path in sorted(folder.rglob(name))):
            if sha256_of(path) == digest:
                return path
    if isinstance(file, OwnFile):
        put = f"Put the file that was imported into a folder as {file.name}, and name the folder in DISCREET_WEIGHTS."
        raise ModelError(
            f"no {file.name} that was vouched for is in a folder of DISCREET_WEIGHTS",
            put if vouched else how_to_get(model, file),
        )
    raise ModelError(
        f"{file.name} of the model {model.id} is in no folder of DISCREET_WEIGHTS, or is not the one we know",
        f"Download it from {model.home}, put it into a folder, and name the folder in DISCREET_WEIGHTS.",
    )
