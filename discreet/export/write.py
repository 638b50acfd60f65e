"""Writing a result in other formats."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from discreet.export.formats import FORMATS
from timeline import InputError, OutputError, Timeline, make_folder, public_form, write_error, write_file

RECORDING = "recording"
"""What the recording is called in exports: the name of a file or folder may hold a private word."""


def export(
    timeline: Timeline, formats: Sequence[str], out: Path, name: str = RECORDING, *, overwrite: bool
) -> list[Path]:
    """Write the public form of ``timeline`` into the folder ``out``.

    Args:
        timeline: the document of a result.
        formats: names of :data:`FORMATS`.
        out: made if it is not there.
        name: what the recording is called in the files and in their names.
        overwrite: replace files that bear the names.

    Returns:
        the files that were written.

    Raises:
        InputError: there is no such format, or the name is not one of a file.
        OutputError: a file already exists, or cannot be written.
    """
    unknown = [format for format in formats if format not in FORMATS]
    if unknown:
        raise InputError(f"there is no format {unknown[0]!r}", f"choose from: {', '.join(FORMATS)}, all")
    if name != Path(name).name or not name.isprintable() or not name or name.startswith("."):
        raise InputError("the name of the recording is not a file's name", "give --name without slashes")
    timeline = public_form(timeline)
    texts: dict[Path, str] = {}
    for chosen in (FORMATS[format] for format in dict.fromkeys(formats)):
        texts |= {out / f"{name}{ending}": make(timeline, name) for ending, make in chosen.texts.items()}
        for ending, several in chosen.folders.items():
            texts |= {out / f"{name}{ending}" / file: text for file, text in several(timeline, name).items()}
    taken = [path for path in texts if path.exists() or path.is_symlink()]
    if taken and not overwrite:
        raise OutputError(f"{taken[0]} already exists", "choose another folder with -o, or give --overwrite")
    for path, text in texts.items():
        try:
            make_folder(path.parent)
        except OSError as error:
            raise write_error(path, error) from None
        write_file(path, text)
    return list(texts)
