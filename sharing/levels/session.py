"""Input and output of a level: sessions with the people who may be in the export, and the data to export."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from timeline import Timeline

TextMaker = Callable[[Timeline], str]
"""Makes a text from a timeline."""


@dataclass(frozen=True, slots=True)
class Included:
    """A person in an export: their pseudonym, and what they agree to now.

    Attributes:
        token: the pseudonym.
        seen: whether the face may be seen.
        heard: whether their own voice may be heard.
        quoted: whether their words may be written.
    """

    token: str
    seen: bool = False
    heard: bool = False
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """The result of one run, and who in it is part of the export; people not in ``people`` are left out.

    Attributes:
        token: the session's pseudonym.
        timeline: as the run wrote it.
        people: id in the timeline -> the person in the export.
        recording: the safe recording, in which people who are left out are neither seen nor heard; None if there is
            none.
    """

    token: str
    timeline: Timeline
    people: Mapping[str, Included]
    recording: Path | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One value of an export, for its data dictionary: its file, name, unit or type, and meaning."""

    file: str
    name: str
    unit: str
    meaning: str


@dataclass(frozen=True)
class Artefact:
    """The data that a level made.

    Attributes:
        timelines: session's token -> the exported document; empty if the level has none.
        texts: path in the export -> text.
        recordings: path in the export -> the file to copy there.
        columns: the data dictionary.
        notes: what a recipient must know.
    """

    timelines: Mapping[str, Timeline] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    recordings: Mapping[str, Path] = field(default_factory=dict)
    columns: Sequence[Column] = ()
    notes: Sequence[str] = ()


LEVELS: Mapping[str, str] = {
    "deidentified": "the recording, with the face masked and the voice changed of everybody who did not agree to show"
    " them, and its transcript, under pseudonyms",
    "demo": "the recording and its transcript, under pseudonyms, only where everybody in it agreed",
    "transcript": "who says what in which order, under pseudonyms, without the real times unless it says so",
    "features": "who speaks after whom, and whether somebody talks at the same time, under pseudonyms; no words, no"
    " sound, no times",
    "aggregate": "counts over many sessions, with noise that hides whether any one person is among them",
    "synthetic": "a made-up meeting of the same structure, with no word and no voice of anybody",
}
"""What each level holds, for people."""


class Level(Protocol):
    """One kind of export."""

    name: str

    def make(self, sessions: Sequence[Session]) -> Artefact:
        """The export of these sessions.

        Raises:
            RefusedError: these sessions may not be exported at this level.
        """
        ...
