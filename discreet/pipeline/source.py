"""The recording of a run: its file, what it holds, and what the recorder left beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from capture import MediaInfo, MonoSound, mono_sound, probe
from discreet.pipeline.sidecars import Sidecars, find
from timeline import Audio, InputError

if TYPE_CHECKING:
    from capture import CaptureSettings
    from registered import Vault

FileState = tuple[int, int, int, int] | None


@dataclass(frozen=True)
class Source:
    """A recording to be made safe. It is only read.

    Attributes:
        path: the file.
        info: what it holds, with the sealed sound instead of its own if there is one.
        settings: how it is read.
        sidecars: what the live recorder left beside it; None for any other recording.
        state: the file's state before it was read.
    """

    path: Path
    info: MediaInfo
    settings: CaptureSettings
    sidecars: Sidecars | None = None
    state: FileState = None

    @cached_property
    def sha256(self) -> str:
        """Hash of the file, hex. Raises InputError if it cannot be read."""
        return source_hash(self.path)

    @cached_property
    def sound(self) -> Audio:
        """The one sound that is analysed and written: 16 kHz, mono."""
        if self.sidecars is not None and self.sidecars.sound_path is not None:
            return self.sidecars.sound()
        return mono_sound(self.path, self.info, self.settings)

    @property
    def views(self) -> Sequence[Audio]:
        """Other mixes to listen to, if the channels hold more than the one sound reveals."""
        return self.sound.views if isinstance(self.sound, MonoSound) else ()

    @property
    def mixed(self) -> bool:
        """Whether the one sound is a mix of channels that differ."""
        return isinstance(self.sound, MonoSound) and self.sound.mix.differs

    def notes(self) -> list[str]:
        """Notes on the use of the channels and of the sidecars."""
        channels = self.sound.notes if self.info.has_audio and isinstance(self.sound, MonoSound) else []
        return [*channels, *(self.sidecars.notes if self.sidecars is not None else [])]

    def check_unchanged(self) -> None:
        """Refuse a recording that was changed meanwhile, because then the output differs from what was analysed.

        Raises:
            InputError: the file changed.
        """
        if file_state(self.path) != self.state:
            raise InputError(
                f"{self.path} changed while it was being processed", "run it again when the file is complete"
            )


def open_source(path: Path, settings: CaptureSettings, vault: Vault | None = None) -> Source:
    """Open a recording.

    Args:
        path: the file.
        settings: how it is read.
        vault: opens what the recorder left beside it; None ignores that.

    Raises:
        InputError: it is not a recording, or is too damaged to be used.
    """
    state = file_state(path)
    info = probe(path, settings)
    if not (info.has_video or info.has_audio):
        raise InputError(f"{path} has neither picture nor sound", "give a recording of people talking")
    sidecars = find(path, vault) if vault is not None else None
    if sidecars is not None:
        info = sidecars.heard(info)
    return Source(path, info, settings, sidecars, state)


def file_state(path: Path) -> FileState:
    """Values that change when the file is written to; None if there is no file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def source_hash(path: Path) -> str:
    """SHA-256 of a file, hex. Raises InputError if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", "check the path and its permissions") from error
