"""A folder of results that is reviewed: its document, its safe recording, and what belongs to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from discreet.results.folder import RECORDINGS, TIMELINE
from discreet.results.reading import parse_timeline
from timeline import InputError, Timeline, read_file

TYPES = {".mp4": "video/mp4", ".m4a": "audio/mp4"}
"""How browsers call each kind of safe recording."""


@dataclass
class ReviewFolder:
    """What is shown. The page sees and hears the safe recording, never the one it was made from.

    Attributes:
        path: the folder.
        timeline: the document.
    """

    path: Path
    timeline: Timeline = field(repr=False)

    @classmethod
    def open(cls, path: Path) -> ReviewFolder:
        """Read the results in ``path``. Raises InputError if they are not whole."""
        path = path.parent if path.name == TIMELINE else path
        try:
            text = read_file(path / TIMELINE)
        except OSError:
            raise InputError(
                f"{path} holds no {TIMELINE}", "give a folder of results of discreet process; see: discreet library"
            ) from None
        folder = cls(path, parse_timeline(path / TIMELINE, text))
        if folder.recording is None:
            raise InputError(f"{path} holds no safe recording", "process the recording again")
        return folder

    def renew(self) -> None:
        """Read the results again. Raises InputError if they are not whole."""
        self.timeline = self.open(self.path).timeline

    @property
    def recording(self) -> Path | None:
        """The safe recording: ``safe.mp4`` or ``safe.m4a``; None where there is none."""
        return next((self.path / name for name in RECORDINGS[:2] if _plain(self.path / name)), None)


def _plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()
