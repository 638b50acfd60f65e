"""Label tracks of Audacity: ``start<TAB>end<TAB>label``, seconds with six decimals."""

from __future__ import annotations

from discreet.export.utterances import speakers, utterances
from timeline import Timeline


def aud(timeline: Timeline, name: str) -> str:
    """One label an utterance, ``speaker: words``; without words the speaker alone."""
    return "".join(
        f"{one.start:.6f}\t{one.end:.6f}\t{one.speaker}{': ' if one.words else ''}{one.text}\n"
        for one in utterances(timeline, speakers(timeline))
    )
