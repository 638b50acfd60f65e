"""What a level makes an export from: sessions, and who in them may be part of it; and what comes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from timeline import Timeline

TextMaker = Callable[[Timeline], str]
"""How a text is made from a timeline."""


@dataclass(frozen=True, slots=True)
class Included:
    """Somebody who is part of an export: under which pseudonym, and what they agree to now.

    Attributes:
        token: the pseudonym.
        seen: whether the face may be seen.
        heard: whether the own voice may be heard.
        quoted: whether the words may stand.
    """

    token: str
    seen: bool = False
    heard: bool = False
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """One result of a run, and who in it is part of the export; whoever is not in ``people`` is left out.

    Attributes:
        token: the session's pseudonym.
        timeline: as the run wrote it.
        people: id in the timeline -> who it is in the export.
        recording: the safe recording, in which whoever is left out is neither seen nor heard; None where there is none.
    """

    token: str
    timeline: Timeline
    people: Mapping[str, Included]
    recording: Path | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One value of an export, for its data dictionary: where it stands, its name, unit or type, and what it means."""

    file: str
    name: str
    unit: str
    meaning: str


@dataclass(frozen=True)
class Artefact:
    """What a level made.

    Attributes:
        timelines: session's token -> the document that leaves; empty where a level has none.
        texts: path in the export -> text.
        recordings: path in the export -> the file to copy there.
        columns: the data dictionary.
        notes: what a recipient has to know.
    """

    timelines: Mapping[str, Timeline] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    recordings: Mapping[str, Path] = field(default_factory=dict)
    columns: Sequence[Column] = ()
    notes: Sequence[str] = ()


class Level(Protocol):
    """One kind of export."""

    name: str

    def make(self, sessions: Sequence[Session]) -> Artefact:
        """The export of these sessions.

        Raises:
            RefusedError: it may not be made of them.
        """
        ...
