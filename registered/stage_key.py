"""The key of what stopped runs have kept: random, and destroyed when somebody is forgotten.

Stage results hold templates of everybody who was seen and heard, and lie beside results, wherever those are: on any
disk, in any backup. Without their key they are noise, so they need not be found to make them unreadable.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from registered.files import shred, sync_folder, write_private
from registered.keys import KEY_BYTES, locked
from registered.vault import SealError, Vault
from timeline import OutputError, read_file

FILE = "stages.key"
_AAD = b"stages.key"


def stage_vault(folder: Path, vault: Vault) -> Vault:
    """The vault for stage results from now until somebody is forgotten.

    If the folder cannot be written, the key is not stored: only this run can open such results.

    Args:
        folder: of the registry.
        vault: seals the key.
    """
    found = _read(folder, vault)
    if found is not None:
        return found
    key = secrets.token_bytes(KEY_BYTES)
    try:
        with locked(folder):
            found = _read(folder, vault)  # another program may have been first
            if found is not None:
                return found
            write_private(folder / FILE, vault.seal(key, _AAD))
    except OutputError:
        pass
    return Vault(key)


def destroy(folder: Path) -> bool:
    """Make all stage results kept so far unreadable; return whether the key was overwritten first.

    Raises:
        OutputError: the key cannot be removed.
    """
    path = folder / FILE
    if not path.exists():
        return True
    overwritten = shred(path)
    sync_folder(folder)
    return overwritten


def _read(folder: Path, vault: Vault) -> Vault | None:
    """The vault of the existing key; None if there is none, or it is damaged."""
    try:
        return Vault(vault.open_sealed(read_file(folder / FILE), _AAD))
    except (OSError, SealError, ValueError):
        return None
