"""A model made of files that the user has, whatever they are called and wherever they lie."""

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
    """Bring a model into ``store`` from ``files``.

    Whoever names the file of a model whose hash nobody published vouches for it. It is opened as every checkpoint is:
    as tensors alone, in a child process. Files of all other models must have the hash that the manifest says.

    Args:
        store: where the model goes; what is there already under that id is replaced once the new one is whole.
        id: of the model.
        files: what it is made of, or a part of it; the rest is fetched.
        progress: told how it goes.
        accept: model or licence ids of which non-commercial use was accepted.

    Returns:
        what was done, and the SHA-256 of the file that was vouched for; "" where the manifest knows the hashes.

    Raises:
        ModelError: a file cannot be read or is none of the model's, does not fit the model's architecture, or the
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
                f"{path} is no file of {id}: its SHA-256 is {digest}",
                f"wanted: {', '.join(f'{name} ({sha256})' for sha256, name in names.items())}",
            )
    # Under its own name a file is found by what looks for files in folders; the link is all that is made of it.
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
