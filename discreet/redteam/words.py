"""Words: is anything private left in the transcript, and can a redacted word still be heard?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from discreet.redteam.attack import Attacked, counted, not_attacked
from discreet.redteam.target import Session, Target
from timeline import Word

TEXT, SOUND = "private words in the text", "redacted words in the sound"
MIDDLE = 0.5
"""Share of a redacted word's time that a heard word has to cover to be the same."""


class Entity(Protocol):
    """A private span of a text."""

    @property
    def score(self) -> float:
        """How sure it is, 0 to 1."""
        ...


SURE = 0.6
"""Score from which a find in the text counts."""
Find = Callable[[str], Sequence[Entity]]
"""Finds private spans in a text."""
Listen = Callable[[Session], Sequence[Word]]
"""The words that are heard in the recording of a session."""


def private_words(targets: Sequence[Target], find: Find) -> Attacked:
    """Private words that stand in the transcripts, by the strictest policy."""
    places, tried = [], 0
    for target in targets:
        for session in target.sessions:
            for start, text in _utterances(session):
                tried += 1
                if any(one.score >= SURE for one in find(text)):
                    places.append(f"{target.folder.name}/{session.name}, {start:.1f} s")
    if not tried:
        return not_attacked(TEXT, "there are no words")
    attacked = counted(TEXT, places, tried, "utterances in which something private was found")
    # A find may be a false alarm, or kept on purpose: a person has to look.
    return attacked.model_copy(update={"light": "amber"}) if places else attacked


def redacted_words(targets: Sequence[Target], listen: Listen) -> Attacked:
    """Words that a recogniser hears where a word was redacted."""
    places, tried = [], 0
    for target in targets:
        for session in target.sessions:
            spans = [one for one in session.timeline.redactions if one.kind == "word" and one.end > one.start]
            if session.recording is None or not spans:
                continue
            heard = list(listen(session))
            for span in spans:
                tried += 1
                said = sum(max(0.0, min(span.end, one.end) - max(span.start, one.start)) for one in heard)
                if said >= MIDDLE * (span.end - span.start) and span.operator in ("beep", "silence", "remove"):
                    places.append(f"{target.folder.name}/{session.name}, {span.start:.1f} s")
    if not tried:
        return not_attacked(SOUND, "no word was redacted in a recording")
    return counted(SOUND, places, tried, "redacted words at whose place a word is heard")


def _utterances(session: Session) -> list[tuple[float, str]]:
    """Start and text of each run of words of one person; placeholders are left out."""
    out: list[tuple[float, str]] = []
    last: str | None = None
    for word in session.timeline.words:
        text = "" if word.redaction else word.text
        if out and word.person == last:
            out[-1] = (out[-1][0], f"{out[-1][1]} {text}".strip())
        else:
            out.append((word.start, text))
        last = word.person
    return [one for one in out if one[1]]
