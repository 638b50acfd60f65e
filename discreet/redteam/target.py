"""What is attacked: the sessions in folders of results and in exports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from sharing.exports import STATEMENTS
from timeline import InputError, Timeline, read_file

TIMELINE = "timeline.json"
RECORDINGS = ("safe.mp4", "safe.m4a")


@dataclass(frozen=True)
class Session:
    """One session: its document, and its recording where one is there."""

    name: str
    folder: Path
    timeline: Timeline
    recording: Path | None


@dataclass(frozen=True)
class Target:
    """A folder that was passed on.

    Attributes:
        folder: as it was given.
        export: whether it is an export, not a folder of results.
        sessions: in it; an export without documents has none.
    """

    folder: Path
    export: bool
    sessions: tuple[Session, ...]

    def files(self) -> Iterator[tuple[str, Path]]:
        """Name within the folder and path of each plain file."""
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield f"{self.folder.name}/{path.relative_to(self.folder).as_posix()}", path


def targets_in(folders: Sequence[Path]) -> list[Target]:
    """The folders to attack.

    Raises:
        InputError: one holds neither results nor an export, or a document that cannot be read.
    """
    return [_target(folder) for folder in folders]


def _target(folder: Path) -> Target:
    export = (folder / STATEMENTS).is_file()
    documents = sorted(folder.glob(f"data/*/{TIMELINE}")) if export else [folder / TIMELINE]
    if not folder.is_dir() or (not export and not documents[0].is_file()):
        raise InputError(
            f"{folder} holds neither results nor an export", "give a folder of discreet process or share export"
        )
    return Target(folder, export, tuple(_session(path) for path in documents))


def _session(path: Path) -> Session:
    try:
        timeline = Timeline.from_json(read_file(path))
    except (OSError, ValidationError, ValueError, RecursionError):
        raise InputError(f"{path} is damaged, or of another version", "export or process it again") from None
    recording = next((path.parent / name for name in RECORDINGS if (path.parent / name).is_file()), None)
    return Session(path.parent.name, path.parent, timeline, recording)
