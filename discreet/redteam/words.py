"""Words: is anything private left in the transcript, and can a redacted word still be heard?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from discreet.redteam.attack import Attacked, counted, not_attacked
from discreet.redteam.target import Session, Target
from timeline import FloatArray, Redaction, Word

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
Sound = Callable[[Session], FloatArray]
"""The sound of the recording of a session, ``[n]`` at 16 kHz."""
RATE = 16_000
EDGE_S = 0.05
"""Seconds at both ends of a redacted word in which the sound fades into its surroundings."""
TONE_HZ = 40.0
"""Hz on both sides of the strongest frequency that belong to a beep."""
NOTHING_DB = -60.0
"""Level (dB of full scale) of what is left beside a beep, below which nobody can hear a word. A beep that went through
AAC left -94 dB; quiet speech has some -50 dB."""


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


def redacted_words(targets: Sequence[Target], listen: Listen, sound: Sound) -> Attacked:
    """Words that a recogniser hears where a word was redacted.

    Recognisers write words for a beep, too. So where there is nothing but silence or one tone, no word was heard.
    """
    places, tried = [], 0
    for target in targets:
        for session in target.sessions:
            spans = [one for one in session.timeline.redactions if one.kind == "word" and one.end > one.start]
            if session.recording is None or not spans:
                continue
            heard, samples = list(listen(session)), sound(session)
            for span in spans:
                tried += 1
                said = sum(max(0.0, min(span.end, one.end) - max(span.start, one.start)) for one in heard)
                covered = said >= MIDDLE * (span.end - span.start) and span.operator in ("beep", "silence", "remove")
                if covered and _beside_a_tone(samples, span) > NOTHING_DB:
                    places.append(f"{target.folder.name}/{session.name}, {span.start:.1f} s")
    if not tried:
        return not_attacked(SOUND, "no word was redacted in a recording")
    return counted(SOUND, places, tried, "redacted words at whose place a word is heard")


def _beside_a_tone(samples: FloatArray, span: Redaction) -> float:
    """Level (dB of full scale) of the sound at a redaction without its strongest frequency; 0 if it is too short."""
    inside = samples[round((span.start + EDGE_S) * RATE) : max(0, round((span.end - EDGE_S) * RATE))]
    if len(inside) < EDGE_S * RATE:
        return 0.0
    window = np.hanning(len(inside))
    power = np.abs(np.fft.rfft(inside * window)) ** 2
    hz = np.fft.rfftfreq(len(inside), 1 / RATE)
    beside = power[np.abs(hz - hz[power.argmax()]) > TONE_HZ].sum()
    return 10 * float(np.log10(2 * beside / (len(inside) * (window**2).sum()) + 1e-12))


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
