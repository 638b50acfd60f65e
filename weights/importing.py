"""Importing a model from the user's own files, whatever they are called and wherever they are."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path

from timeline import ModelError
from weights.fetch import FetchProgress
from weights.files import sha256_of
from weights.store import Fetched, Store


def import_model(
    store: Store,
    id: str,
    files: Sequence[Path],
    progress: FetchProgress | None = None,
    accept: Collection[str] = frozenset(),
) -> tuple[Fetched, str]:
    """Import a model into ``store`` from ``files``.

    If no hash of a model's file was published, the user who names the file vouches for it. Like every checkpoint, it is
    opened only as tensors, in a child process. Files of all other models must have the hash in the manifest.

    Args:
        store: where the model goes; an existing one with that id is replaced once the new one is complete.
        id: of the model.
        files: all of its files, or some; the rest is fetched.
        progress: called with the progress.
        accept: ids of models or licences whose non-commercial use was accepted.

    Returns:
        what was done, and the SHA-256 of the file that was vouched for; "" if the manifest has the hashes.

    Raises:
        ModelError: a file cannot be read, is not one of the model's, or does not fit the model's architecture, or the
            licence was not accepted.
    """
    model = store.manifest[id]
    digests = {_digest(path): path for path in files}
    vouched = {}
    if model.own is not None:
        if len(files) != 1:
            raise ModelError(f"{id} is made of one file, {model.own.name}", f"discreet weights import {id} FILE")
        vouched = {id: next(iter(digests))}
        names = {next(iter(digests)): model.own.name}
    else:
        names = {file.sha256: file.name.rsplit("/", 1)[-1] for file in model.wanted}
    for digest, path in digests.items():
        if digest not in names:
            raise ModelError(
                f"{path} is not a file of {id}: its SHA-256 is {digest}",
                f"wanted: {', '.join(f'{name} ({sha256})' for sha256, name in names.items())}",
            )
    # Files are found in folders by name; a link gives each its proper name without copying it.
    with tempfile.TemporaryDirectory(prefix="discreet-import-") as folder:
        for digest, path in digests.items():
            (Path(folder) / names[digest]).symlink_to(path.resolve())
        theirs = Store(store.root, store.manifest, [Path(folder), *store.local])
        (fetched,) = theirs.fetch([id], progress, accept, vouch=vouched)
    return fetched, vouched.get(id, "")


def _digest(path: Path) -> str:
    try:
        return sha256_of(path)
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}", "check the path") from error
