"""Reads the document of a result."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import ValidationError

from discreet.results.folder import TIMELINE
from timeline import InputError, Timeline, read_file


def read_timeline(path: Path) -> Timeline:
    """The document of a folder of results, or in the file ``path``.

    Raises:
        InputError: there is none, or it is damaged or of a version that this one cannot read.
    """
    file = path / TIMELINE if path.is_dir() else path
    try:
        text = read_file(file)
    except OSError as error:
        raise InputError(
            f"{file} cannot be read: {error.strerror}", "give a folder of results of discreet process"
        ) from None
    return parse_timeline(file, text)


def parse_timeline(path: Path, text: bytes) -> Timeline:
    """Parse the document ``text`` of the file ``path``. Raises InputError as :func:`read_timeline`."""
    try:
        return Timeline.from_json(text)
    except ValidationError:
        pass
    try:
        schema = json.loads(text).get("schema")
    except (ValueError, AttributeError, RecursionError):
        raise InputError(f"{path} is not a timeline", "give the timeline.json of a result") from None
    ours = Timeline.model_fields["schema_"].default
    if schema != ours:
        raise InputError(
            f"{path} is of another version ({str(schema)[:40]}, not {ours})", "process the recording again"
        )
    raise InputError(f"{path} is damaged, or of another version of Discreet", "process the recording again")
