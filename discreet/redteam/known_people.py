"""What an attacker knows of people: photographs and sound of each, in a folder of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from timeline import InputError

PHOTOS = (".jpg", ".jpeg", ".png")
SOUNDS = (".wav", ".flac", ".mp3", ".m4a", ".mp4")


@dataclass(frozen=True)
class Known:
    """The attacker's knowledge.

    Attributes:
        photos: person -> photographs of them.
        sounds: person -> recordings of their voice.
        words: names and words that must not be found anywhere.
    """

    photos: Mapping[str, Sequence[Path]] = field(default_factory=dict)
    sounds: Mapping[str, Sequence[Path]] = field(default_factory=dict)
    words: tuple[str, ...] = ()

    @classmethod
    def of(cls, folder: Path | None, words: Sequence[str] = ()) -> Known:
        """What ``folder`` holds: one folder for each person.

        Raises:
            InputError: it is no folder, or holds nobody.
        """
        if folder is None:
            return cls(words=tuple(words))
        people = sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
        photos = {path.name: _of_kind(path, PHOTOS) for path in people}
        sounds = {path.name: _of_kind(path, SOUNDS) for path in people}
        photos, sounds = ({name: found for name, found in one.items() if found} for one in (photos, sounds))
        if not photos and not sounds:
            raise InputError(
                f"{folder} holds no photographs or sound of anybody", "make a folder for each person in it"
            )
        return cls(photos, sounds, (*words, *(path.name for path in people)))


def _of_kind(folder: Path, suffixes: Sequence[str]) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file() and path.suffix.lower() in suffixes)
