"""Which files the program writes, and how it opens them: from Python's audit events, so that no list goes stale."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from timeline import Folder

_WRITES = os.O_WRONLY | os.O_RDWR


@dataclass(frozen=True)
class Opened:
    """A file that was opened for writing."""

    path: Path
    flags: int
    where: str

    @property
    def safe(self) -> bool:
        """Whether no link was followed, and no file emptied that was there before."""
        new = self.flags & os.O_EXCL or not self.flags & os.O_TRUNC
        return bool(self.flags & os.O_NOFOLLOW and new)


@dataclass
class Writes:
    """What happened below ``root`` while it was watched."""

    root: Path
    opened: list[Opened] = field(default_factory=list)
    folders: set[Path] = field(default_factory=set)
    renamed: set[Path] = field(default_factory=set)

    @property
    def files(self) -> set[Path]:
        """Every name that a file was written under, or given."""
        return {each.path for each in self.opened} | self.renamed

    def saw(self, event: str, args: tuple[Any, ...]) -> None:
        """One audit event."""
        if event == "open" and isinstance(args[0], str | bytes | Path) and isinstance(args[2], int):
            if args[2] & _WRITES and (path := self._below(args[0])) is not None:
                self.opened.append(Opened(path, args[2], _where()))
        elif event == "os.mkdir" and (path := self._below(args[0])) is not None:
            self.folders.add(path)
        elif event == "os.rename" and (path := self._below(args[1])) is not None:
            self.renamed.add(path)

    def _below(self, name: str | bytes | Path) -> Path | None:
        path = Path(os.fsdecode(name))
        if not path.is_absolute():
            path = (_folder() or Path.cwd()) / path
        inside = path.is_relative_to(self.root) and "__pycache__" not in path.parts
        return path if inside else None


def _frames() -> Iterator[FrameType]:
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_filename != __file__:
            yield frame
        frame = frame.f_back


def _folder() -> Path | None:
    """The folder that an open handle stands for: it is a name alone that the event tells."""
    for frame in _frames():
        this = frame.f_locals.get("to") or frame.f_locals.get("self")
        if isinstance(this, Folder):
            return this.path
    return None


def _where() -> str:
    frames = [f"{f.f_code.co_filename}:{f.f_lineno}" for f in _frames() if "/lib/python" not in f.f_code.co_filename]
    return " < ".join(frames[:4])


_watched: Writes | None = None
_hooked = threading.Lock()


def _hook(event: str, args: tuple[Any, ...]) -> None:
    if _watched is not None and event in ("open", "os.mkdir", "os.rename"):
        _watched.saw(event, args)


@contextlib.contextmanager
def watched(root: Path) -> Iterator[Writes]:
    """Watch this process, all its threads. Children are given open files; what they open by name is not seen."""
    global _watched
    if _hooked.acquire(blocking=False):  # a hook stays until the process ends
        sys.addaudithook(_hook)
    _watched = Writes(root)
    try:
        yield _watched
    finally:
        _watched = None
