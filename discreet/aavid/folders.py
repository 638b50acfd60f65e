"""Where AAVID's scripts look for files, and where they leave them."""

from __future__ import annotations

import glob
from dataclasses import dataclass
from pathlib import Path

from timeline import InputError

VIDEOS = (".mp4", ".mkv", ".mov", ".webm", ".avi", ".m4v", ".mpg", ".mpeg", ".ts")
"""Endings of ``--videoName``, which is given without one, in the order in which they are tried."""
VIDEO_OUT = "video_out.avi"


@dataclass(frozen=True, slots=True)
class Folders:
    """The folder that stage 2 makes beside a video: ``masked`` for ``masked.mp4``."""

    base: Path

    @property
    def video_out(self) -> Path:
        """The video with boxes and scores, in ``pyavi``."""
        return self.base / "pyavi" / VIDEO_OUT

    @property
    def work(self) -> Path:
        """Where the text files go: ``pywork``."""
        return self.base / "pywork"


def find_video(folder: Path, name: str) -> Path:
    """The video called ``name``, with or without its ending, in ``folder``. Raises InputError if there is none."""
    if (folder / name).is_file():
        return folder / name
    found = [path for path in folder.glob(glob.escape(name) + ".*") if path.suffix.lower() in VIDEOS]
    if not found:
        raise InputError(
            f"{folder} holds no video called {name}", "give --videoFolder and --videoName without the ending"
        )
    return min(found, key=lambda path: (VIDEOS.index(path.suffix.lower()), path.name))
