"""Level ``deidentified``: the safe recording and its transcript, under pseudonyms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sharing.levels.people import pseudonymous
from sharing.levels.session import Artefact, Column, Session, TextMaker
from timeline import RefusedError, Timeline

TIMELINE = "timeline.json"
COLUMNS = (
    Column(TIMELINE, "recording", "s, px, Hz", "length, picture size, frames a second, sample rate"),
    Column(TIMELINE, "people[].id", "pseudonym", "stable in this project, unknown in any other"),
    Column(TIMELINE, "people[].seen, heard, quoted", "yes or no", "whether face, own voice and words stand here"),
    Column(TIMELINE, "tracks[].boxes", "s, px", "time and x, y, width, height of a face that is shown"),
    Column(TIMELINE, "turns[]", "s", "start and end of what one person says; overlap: somebody else speaks, too"),
    Column(TIMELINE, "words[]", "s", "start, end and text; [KIND] stands for a private word"),
    Column(TIMELINE, "redactions[]", "s", "what was taken out: kind, place, what was done"),
)


class Deidentified:
    """The safe recording, the document and the transcripts made from it.

    Args:
        texts: file name -> how it is made from the document.
    """

    name = "deidentified"

    def __init__(self, texts: Mapping[str, TextMaker]) -> None:
        self._texts = texts

    def make(self, sessions: Sequence[Session]) -> Artefact:
        """The export; sessions without a recording that may leave have none."""
        timelines = {session.token: pseudonymous(session) for session in sessions}
        recordings = {
            f"{session.token}/safe{session.recording.suffix}": session.recording
            for session in sessions
            if session.recording is not None
        }
        texts = document_texts(timelines, self._texts)
        notes = ["Faces, voices and words of people who did not agree are not in it."]
        return Artefact(timelines, texts, recordings, COLUMNS, notes)


class Demo(Deidentified):
    """Like ``deidentified``, but only if everybody in the recording agreed: for public demonstrations."""

    name = "demo"

    def make(self, sessions: Sequence[Session]) -> Artefact:
        """The export. Raises RefusedError if somebody in a recording is left out."""
        for session in sessions:
            if {person.id for person in session.timeline.people} - session.people.keys():
                raise RefusedError(
                    "somebody in the recording did not agree to be in a demo",
                    "see discreet share reconsent, ask them, or choose another recording",
                )
        return super().make(sessions)


def document_texts(timelines: Mapping[str, Timeline], texts: Mapping[str, TextMaker]) -> dict[str, str]:
    """Path -> text of each document and of the texts made from it."""
    out: dict[str, str] = {}
    for token, timeline in timelines.items():
        out[f"{token}/{TIMELINE}"] = timeline.to_json()
        out |= {f"{token}/{name}": make(timeline) for name, make in texts.items()}
    return out
