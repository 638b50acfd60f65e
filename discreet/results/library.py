"""Lists what lies under a folder: recordings, and results with their state."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from discreet.results.folder import RECORDINGS, TIMELINE
from discreet.results.reading import read_timeline
from timeline import InputError, Timeline

State = Literal["recorded", "processed", "reviewed", "published", "recalled", "damaged"]
MEDIA = frozenset({".mp4", ".m4a", ".mov", ".mkv", ".webm", ".avi", ".m4v", ".wav", ".flac", ".mp3", ".ogg", ".opus"})
"""Suffixes of files that are listed as recordings."""


@dataclass(frozen=True, slots=True)
class Found:
    """One recording or one folder of results.

    Attributes:
        path: of the file or folder.
        state: ``recorded``: a recording; of results: ``processed``, ``reviewed``, ``published``, ``recalled``, or
            ``damaged`` if the document cannot be read.
        duration: s; None if it is not known without opening the recording.
        people: labels of the people in it.
        made: when the results were made, ISO 8601; empty for a recording.
    """

    path: Path
    state: State
    duration: float | None = None
    people: tuple[str, ...] = ()
    made: str = ""


def library(folder: Path, state_of: Callable[[Path, Timeline], State]) -> list[Found]:
    """Recordings and results under ``folder``, sorted by path, without links and hidden folders.

    Args:
        folder: searched with all folders in it.
        state_of: returns the state of results; its exceptions are passed on.

    Raises:
        InputError: the folder cannot be read.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder", "give a folder with recordings or results")
    return sorted(_walk(folder, state_of), key=lambda found: found.path)


def _walk(folder: Path, state_of: Callable[[Path, Timeline], State]) -> Iterator[Found]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        here = Path(place)
        if TIMELINE in files:
            yield _results(here, state_of)
            folders[:] = [name for name in folders if name != "aavid"]
        for name in files:
            path = here / name
            made = name in RECORDINGS and TIMELINE in files
            if path.suffix.lower() in MEDIA and not made and not name.startswith(".") and path.is_file():
                yield Found(path, "recorded")


def _results(folder: Path, state_of: Callable[[Path, Timeline], State]) -> Found:
    try:
        timeline = read_timeline(folder)
    except InputError:
        return Found(folder, "damaged")
    labels = tuple(person.label for person in timeline.people)
    made = timeline.provenance.created
    return Found(folder, state_of(folder, timeline), timeline.recording.duration, labels, made)
