"""The document of a recording from which stretches were cut out: everything with a time moves along."""

from __future__ import annotations

from timeline.document import Redaction, Timeline, Track, Word
from timeline.timemap import TimeMap

REMOVE = "remove"
"""The operator of a redaction whose stretch is cut out."""
_SHARE = 0.5
"""Least share of a word that must be left for it to remain a word."""


def shortened(timeline: Timeline, cuts: TimeMap) -> Timeline:
    """The document with all times moved; what lay in a cut is removed.

    The redaction of what was cut out stays, without length, and so does the placeholder of its word: the text still
    says that something was taken out here.
    """
    if not cuts:
        return timeline
    recording = timeline.recording
    redactions = [moved for redaction in timeline.redactions if (moved := _redaction(redaction, cuts)) is not None]
    ids = {redaction.id for redaction in redactions}
    return Timeline(
        recording=recording.model_copy(update={"duration": round(cuts(recording.duration), 3)}),
        people=timeline.people,
        tracks=[face for track in timeline.tracks if (face := _track(track, cuts)) is not None],
        turns=[
            turn.model_copy(update=_times(turn.start, turn.end, cuts))
            for turn in timeline.turns
            if cuts.kept(turn.start, turn.end) > 0
        ],
        words=[said for word in timeline.words if (said := _word(word, ids, cuts)) is not None],
        redactions=redactions,
        provenance=timeline.provenance,
    )


def _times(start: float, end: float, cuts: TimeMap) -> dict[str, float]:
    return {"start": round(cuts(start), 3), "end": round(cuts(end), 3)}


def _redaction(redaction: Redaction, cuts: TimeMap) -> Redaction | None:
    if redaction.operator != REMOVE and cuts.kept(redaction.start, redaction.end) <= 0:
        return None
    return redaction.model_copy(update=_times(redaction.start, redaction.end, cuts))


def _word(word: Word, redactions: set[str], cuts: TimeMap) -> Word | None:
    if word.redaction is not None:
        stays = word.redaction in redactions
    else:
        kept, length = cuts.kept(word.start, word.end), word.end - word.start
        stays = kept >= _SHARE * length if length > 0 else cuts.keeps(word.start)
    return word.model_copy(update=_times(word.start, word.end, cuts)) if stays else None


def _track(track: Track, cuts: TimeMap) -> Track | None:
    boxes = [(round(cuts(t), 3), *box) for t, *box in track.boxes if cuts.keeps(t)]
    if not boxes and cuts.kept(track.start, track.end) <= 0:
        return None
    speaking = [(round(cuts(t), 3), p) for t, p in track.speaking if cuts.keeps(t)]
    return track.model_copy(update={**_times(track.start, track.end, cuts), "boxes": boxes, "speaking": speaking})
