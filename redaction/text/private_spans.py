"""From private words to private time: what must not be heard, and what replaces it in the text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from redaction.settings import SEGMENT_PAUSE, RedactionSettings
from timeline import Redaction, Segment, Word, union

NOT_UNDERSTOOD = "NOT_UNDERSTOOD"
"""The entity of speech that gave no words: not a private word, only speech that nobody has checked."""
_ONSET = 0.08
"""Seconds before a word's start that may already belong to it."""
_LEAST, _LEAST_PER_LETTER = 0.025, 0.008
"""A word shorter than this, or than this per letter, has no reliable time: nobody speaks that fast (s)."""


@dataclass(frozen=True, slots=True)
class PrivateSpan:
    """Words ``first`` to ``last`` (both included) that are private, and why; never the words themselves."""

    first: int
    last: int
    entity: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class RedactedWords:
    """Words with placeholders for those taken out. Its repr shows no word.

    Attributes:
        words: with placeholders.
        redactions: what must become inaudible.
        said: redaction id -> the words said there, to verify that they are gone; never written anywhere.
    """

    words: list[Word] = field(repr=False)
    redactions: list[Redaction]
    said: dict[str, tuple[Word, ...]] = field(default_factory=dict, repr=False)


def located(word: Word) -> bool:
    """Whether a word's times are credible."""
    return word.end - word.start >= max(_LEAST, _LEAST_PER_LETTER * len(word.text))


def segment_of(words: Sequence[Word], index: int, segments: Sequence[Segment] | None = None) -> Segment:
    """The stretch of speech that holds word ``index`` (s): the given segments that touch it, else its run of words.

    A run ends at a pause of :data:`SEGMENT_PAUSE` seconds. The result covers at least the word itself.
    """
    word = words[index]
    start, end = word.start, word.end
    if segments:
        touching = [s for s in segments if s.start <= end and s.end >= start]
        if touching:
            return Segment(min(start, *(s.start for s in touching)), max(end, *(s.end for s in touching)))
    first = last = index
    while first > 0 and words[first].start - words[first - 1].end < SEGMENT_PAUSE:
        first -= 1
    while last + 1 < len(words) and words[last + 1].start - words[last].end < SEGMENT_PAUSE:
        last += 1
    run = words[first : last + 1]
    return Segment(min(w.start for w in run), max(w.end for w in run))


def span_of(
    words: Sequence[Word], private: PrivateSpan, settings: RedactionSettings, segments: Sequence[Segment] | None = None
) -> tuple[Segment, str]:
    """The padded time to take out for ``private``, and why it is wider than its words, or ``""``.

    A word without a reliable time is widened to its segment; one that was hardly understood, to its neighbours.
    """
    inside = range(private.first, private.last + 1)
    start, end = min(words[i].start for i in inside), max(words[i].end for i in inside)
    why = ""
    if any(words[i].confidence < settings.least_confidence for i in inside):
        why = "widened to the neighbouring words: it was hardly understood"
        before, after = private.first - 1, private.last + 1
        if before >= 0 and start - words[before].end < SEGMENT_PAUSE:
            start = min(start, words[before].start)
        if after < len(words) and words[after].start - end < SEGMENT_PAUSE:
            end = max(end, words[after].end)
    if not all(located(words[i]) for i in inside):
        why = "widened to its segment: its words have no sure time"
        for i in inside:
            if not located(words[i]):
                segment = segment_of(words, i, segments)
                start, end = min(start, segment.start), max(end, segment.end)
    start, end = start, max(start, end)
    pads = [settings.pad_before, settings.pad_after]
    if not why:
        into = settings.pad_into
        if settings.proof and all(words[i].confidence >= settings.sure for i in inside):
            into = min(into, settings.pad_into_sure)
        pads[0] = min(pads[0], _room(words, private.first - 1, start, into, settings, back=True))
        pads[1] = min(pads[1], _room(words, private.last + 1, end, into, settings, back=False))
    # Rooms reverberate: if nobody speaks afterwards, the tail of the word is removed as well.
    pads[1] = max(pads[1], min(settings.tail, _pause(words, private.last + 1, end)))
    return Segment(start, end).grown(*pads), why


def _pause(words: Sequence[Word], index: int, end: float) -> float:
    """Seconds from ``end`` in which nobody speaks, minus a little for the onset of word ``index``."""
    return words[index].start - end - _ONSET if index < len(words) else float("inf")


def _room(
    words: Sequence[Word], index: int, edge: float, into: float, settings: RedactionSettings, *, back: bool
) -> float:
    """Seconds available for padding: the pause up to word ``index``, plus the share ``into`` of that word.

    There is no limit if nobody speaks beside the private word, or if the neighbour's own time is in doubt.
    """
    if not 0 <= index < len(words):
        return float("inf")
    word = words[index]
    if not located(word) or word.confidence < settings.least_confidence:
        return float("inf")
    pause = edge - word.end if back else word.start - edge
    return max(0.0, pause + into * (word.end - word.start))


def redact(
    words: Sequence[Word],
    private: Sequence[PrivateSpan],
    settings: RedactionSettings,
    segments: Sequence[Segment] | None = None,
    prefix: str = "w",
) -> RedactedWords:
    """Replace each private span by a placeholder, and list what must become inaudible.

    Args:
        words: in the order they were said.
        private: disjoint spans of words in ascending order. Entities with the action ``keep`` are left alone.
        settings: policy and padding.
        segments: stretches of speech, for words without a reliable time.
        prefix: ids are ``{prefix}1``, ``{prefix}2``, ...

    Returns:
        the words, each private span replaced by one word ``[ENTITY]`` (one for each person who speaks in it), and the
        redactions, ``kind="word"``; spans of one person that follow each other closely share a redaction.
    """
    out: list[Word] = []
    redactions: list[Redaction] = []
    said: dict[str, tuple[Word, ...]] = {}
    at = 0
    for span in _by_person(words, private):
        operator = settings.action(span.entity)
        if operator == "keep":
            continue
        out.extend(words[at : span.first])
        time, why = span_of(words, span, settings, segments)
        person = words[span.first].person
        reason = f"{span.reason}; {why}" if why else span.reason
        inside = words[span.first : span.last + 1]
        last = redactions[-1] if redactions else None
        if (
            last is not None
            and span.first == at
            and (last.entity, last.operator, last.person) == (span.entity, operator, person)
            and time.start - last.end <= settings.merge_gap
        ):
            # Two names in a row are one beep and one placeholder.
            redactions[-1] = last.model_copy(
                update={
                    "start": round(min(last.start, time.start), 3),
                    "end": round(max(last.end, time.end), 3),
                    "score": max(last.score, round(span.score, 4)),
                }
            )
            out[-1] = out[-1].model_copy(update={"end": max(out[-1].end, words[span.last].end)})
            said[last.id] += tuple(inside)
        else:
            redaction = Redaction(
                id=f"{prefix}{len(redactions) + 1}",
                kind="word",
                start=time.start,
                end=time.end,
                person=person,
                entity=span.entity,
                operator=operator,
                score=min(1.0, span.score),
                reason=reason,
            )
            redactions.append(redaction)
            said[redaction.id] = tuple(inside)
            start = min(w.start for w in inside)
            out.append(
                Word(
                    start=start,
                    end=max(start, *(w.end for w in inside)),
                    text=placeholder(span.entity),
                    person=person,
                    confidence=min(w.confidence for w in inside),
                    redaction=redaction.id,
                )
            )
        at = span.last + 1
    out.extend(words[at:])
    return RedactedWords(out, redactions, said)


def redact_unheard(unheard: Sequence[Segment], settings: RedactionSettings, prefix: str = "u") -> list[Redaction]:
    """Redactions for speech that gave no words (:attr:`Transcript.unheard`): nobody has checked what is said there."""
    if settings.unheard == "keep":
        return []
    return [
        Redaction(
            id=f"{prefix}{i}",
            kind="word",
            start=span.start,
            end=span.end,
            entity=NOT_UNDERSTOOD,
            operator=settings.unheard,
            reason="speech that could not be understood: nobody knows whether something private is in it",
        )
        for i, span in enumerate(unheard, 1)
    ]


def placeholder(entity: str) -> str:
    """What replaces a private word in the text, e.g. ``[PERSON]``."""
    clean = "".join(c if c.isascii() and c.isalnum() else "_" for c in entity.upper()).lstrip("_0123456789")
    return f"[{clean or 'PRIVATE'}]"


def _by_person(words: Sequence[Word], private: Sequence[PrivateSpan]) -> list[PrivateSpan]:
    """The same spans, split where the speaker changes."""
    out: list[PrivateSpan] = []
    for span in private:
        first = span.first
        for i in range(span.first + 1, span.last + 2):
            if i > span.last or words[i].person != words[first].person:
                out.append(replace(span, first=first, last=i - 1))
                first = i
    return out


def inaudible(redactions: Sequence[Redaction], gap: float = 0.0) -> Mapping[str, list[Segment]]:
    """Operator -> the disjoint spans it works on, seconds; gaps of up to ``gap`` seconds are closed."""
    spans: dict[str, list[Segment]] = {}
    for redaction in redactions:
        if redaction.kind == "word":
            spans.setdefault(redaction.operator, []).append(Segment(redaction.start, redaction.end))
    return {operator: union(segments, gap) for operator, segments in spans.items()}
