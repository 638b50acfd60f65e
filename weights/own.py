"""Model files that only the user can bring, and of which nobody told us the SHA-256: the user vouches for theirs.

Such a file is a pickle like other checkpoints, so it is opened once, with ``weights_only=True``, in the child process
that converts it; and it must be the file whose hash the user gave, so that no other file of that name slips in.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from weights.manifest import Model, OwnFile


def own_files(own: OwnFile, folders: Sequence[Path]) -> list[Path]:
    """Every file of that name in the user's folders and below."""
    places = [path for folder in folders if folder.is_dir() for path in sorted(folder.rglob(own.name))]
    return [path for path in places if path.is_file()]


def by_hand(model: Model, own: OwnFile) -> list[str]:
    """What to do to have the model, a line each."""
    return [
        f"{own.name} of {model.id} can only be downloaded by hand, from {own.page} (see {model.home}).",
        "We do not know its SHA-256. Put it into a folder, name the folder in DISCREET_WEIGHTS, and if you trust the",
        f"file vouch for it with its hash (sha256sum {own.name}):",
        f"discreet weights fetch {model.id} --vouch {model.id}=SHA256",
    ]
