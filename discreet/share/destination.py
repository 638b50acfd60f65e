"""Where an export is put: checked before anything is made, and written whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from discreet.share.staging import partial_beside
from timeline import Folder, OutputError, make_folder

REMEDY = "choose another folder with --out"


def check_target(out: Path, apart: Sequence[Path]) -> None:
    """Refuse a folder that an export cannot or must not be put into.

    Args:
        out: the folder to be made.
        apart: folders that must not hold it: results, which would then not pass the gate, and the registry.

    Raises:
        OutputError: it is there already, it is inside one of ``apart``, or its name cannot be kept in the ledger.
    """
    try:
        str(out).encode()
    except UnicodeEncodeError:
        raise OutputError(f"{out} has letters in its name that cannot be written down", REMEDY) from None
    if os.path.lexists(out):
        raise OutputError(f"{out} already exists", REMEDY)
    for folder in apart:
        if out.resolve().is_relative_to(folder.resolve()):
            raise OutputError(f"{out} is inside {folder}", REMEDY)


def serve(made: Path, out: Path) -> None:
    """Put the folder ``made`` in its place ``out``, whole or not at all. Raises OutputError if that is not possible."""
    partial = partial_beside(out)
    try:
        make_folder(out.parent)
        with Folder(out.parent) as beside:
            with beside.subfolder(partial.name) as copy:
                _copy(made, copy)
            beside.rename(partial.name, out.name)
    except OSError as error:
        raise OutputError(f"{out} could not be written: {error.strerror}", REMEDY) from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _copy(made: Path, to: Folder) -> None:
    """Copy what is in the folder ``made``. Nobody else can read it meanwhile, as they can with ``shutil.copytree``."""
    for path in sorted(made.iterdir()):
        if path.is_dir():
            with to.subfolder(path.name) as inner:
                _copy(path, inner)
        else:
            with path.open("rb") as data, to.replacing(path.name) as file:
                shutil.copyfileobj(data, file)
