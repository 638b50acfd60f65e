"""What the gate reports: one finding per leak, with its place and remedy."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from timeline import Document

Kind = Literal["file", "container", "metadata", "text", "word", "face", "voice"]


class Finding(Document):
    """Something that must not leave.

    Attributes:
        kind: what leaks: a file that does not belong there, an unknown part of a container, metadata, text that is not
            made from the timeline, a private word, an unmasked face, or somebody's own voice.
        file: the file's path within the folder.
        place: where in it: a box, chunk, key, line or time.
        score: how certain the gate is, 0 to 1; 1 for everything that is read rather than recognised.
        reason: what is wrong, in one line. It never quotes what leaks.
        remedy: what to do about it.
    """

    kind: Kind
    file: str
    place: str = ""
    score: float = Field(1.0, ge=0.0, le=1.0)
    reason: str
    remedy: str = ""

    def __str__(self) -> str:
        where = f"{self.file}, {self.place}" if self.place else self.file
        return f"{where}: {self.reason}" + (f"; {self.remedy}" if self.remedy else "")
