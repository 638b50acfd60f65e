"""What somebody should look at before a result is passed on, riskiest first.

Everything comes from the timeline of the result, which holds no private word, and from the sealed leads of its faces.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from discreet.pipeline import UNCHECKED
from discreet.review.decision_kinds import Approve, Correct, Mask, Move, Redact, Reject, Span
from discreet.review.decisions import Decisions
from discreet.review.rules import FACE
from redaction import NOT_UNDERSTOOD
from timeline import Redaction, Timeline, Turn, Word

Kind = Literal["face", "near", "round", "speech", "name"]
RISK: dict[Kind, float] = {"face": 0.9, "near": 0.7, "round": 0.5, "name": 0.4, "speech": 0.2}
"""Where each kind begins; how doubtful an item is adds up to 0.1. What may show somebody comes first, what was hidden
only because nobody understood it comes last."""

NAME_SURE = 0.6
"""Confidence of a turn from which its name needs no look."""
NAME_BRIEF = 0.5
"""Seconds under which a turn says too little to be worth a look."""
FACE_LEAD = 0.1
"""Lead over the threshold from which a shown face needs no look (cosine similarity)."""
NEAR = 0.6
"""Seconds between a word and a private name within which the word may be a part of it: a pause in speech."""
NAMES = ("PERSON", "SPELLED", "ADDRESS", "LOCATION")
ROUNDS = ("it was still heard", "it could still be heard", "heard again elsewhere")
"""How verification ends the reason of what it changed."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at.

    Attributes:
        id: what approving and rejecting name; the same in every version of the results.
        kind: why it stands here.
        start: s.
        end: s.
        risk: 0..1.
        text: what to check, for people.
        person: whom it is about; None: nobody known.
    """

    id: str
    kind: Kind
    start: float
    end: float
    risk: float
    text: str
    person: str | None = None


def attention(timeline: Timeline, leads: Mapping[str, float] | None = None) -> list[Item]:
    """Everything that needs a look, riskiest first.

    Args:
        timeline: of the result, in its public or its full form.
        leads: track -> how far its likeness lies above the threshold. A shown face without one counts as thin.
    """
    found = [
        *_faces(timeline, leads or {}),
        *_near(timeline),
        *_rounds(timeline),
        *_names(timeline),
        *_speech(timeline),
    ]
    return sorted(found, key=lambda item: (-item.risk, item.start, item.id))


def undecided(timeline: Timeline, decisions: Decisions, leads: Mapping[str, float] | None = None) -> list[Item]:
    """What of :func:`attention` nobody has decided about yet; while there is any, nothing is published."""
    standing = [entry.decision for entry in decisions.standing()]
    settled = {item for each in standing if isinstance(each, Approve | Reject) for item in each.items}
    changes = [each for each in standing if isinstance(each, Redact | Mask | Move | Correct)]
    return [
        item
        for item in attention(timeline, leads)
        if item.id not in settled and not any(_resolves(change, item) for change in changes)
    ]


def _resolves(change: Redact | Mask | Move | Correct, item: Item) -> bool:
    """Whether a change took care of an item, so that nobody has to approve it as well."""
    if isinstance(change, Redact):
        return item.kind == "near" and any(_covers(span, item) for span in change.spans)
    if isinstance(change, Mask):
        return item.id == f"{FACE}{change.track}" and _covers(change, item)
    if isinstance(change, Move):
        return item.kind == "name" and _covers(change, item)
    return item.kind == "near" and _covers(change, item)


def _covers(span: Span, item: Item) -> bool:
    return span.start <= item.start + 1e-3 and span.end >= item.end - 1e-3


def _faces(timeline: Timeline, leads: Mapping[str, float]) -> Iterator[Item]:
    labels = {person.id: person.label for person in timeline.people}
    for track in timeline.tracks:
        lead = leads.get(track.id, 0.0)
        if track.masked or lead >= FACE_LEAD:
            continue
        who = labels.get(track.person or "", "nobody known")
        doubt = 1.0 - max(0.0, lead) / FACE_LEAD
        text = f"A face is shown as {who}, by a thin margin. Check that it is."
        yield Item(f"{FACE}{track.id}", "face", track.start, track.end, _risk("face", doubt), text, track.person)


def _near(timeline: Timeline) -> Iterator[Item]:
    """Words in the clear right beside a private name that may belong to it: capitalised, or hardly understood."""
    entities = {redaction.id: redaction.entity for redaction in timeline.redactions}
    words = timeline.words
    for at, word in enumerate(words):
        if word.redaction is not None or not _may_be_a_name(word):
            continue
        beside = [words[i] for i in (at - 1, at + 1) if 0 <= i < len(words)]
        if any(entities.get(other.redaction or "") in NAMES and _gap(word, other) <= NEAR for other in beside):
            id = f"word-{round(word.start * 1000)}"
            text = f"“{word.text}” stands beside a private name. Check that it is no part of it."
            yield Item(id, "near", word.start, word.end, _risk("near", 1 - word.confidence), text, word.person)


def _may_be_a_name(word: Word) -> bool:
    plain = word.text.strip(".,;:!?\"'()")
    return len(plain) > 1 and plain[0].isupper() and plain.partition("'")[0] != "I"


def _gap(one: Word, other: Word) -> float:
    return max(one.start, other.start) - min(one.end, other.end)


def _rounds(timeline: Timeline) -> Iterator[Item]:
    for redaction in timeline.redactions:
        if redaction.kind == "word" and any(mark in redaction.reason for mark in ROUNDS):
            text = f"A private word was still heard and was taken out wider ({redaction.entity}). Listen to it."
            yield _of_redaction(redaction, "round", 0.5, text)


def _speech(timeline: Timeline) -> Iterator[Item]:
    for redaction in timeline.redactions:
        if redaction.kind == "word" and redaction.entity in (NOT_UNDERSTOOD, UNCHECKED):
            seconds = redaction.end - redaction.start
            text = f"{seconds:.1f} s of speech were not understood and were taken out. Check whether that is right."
            yield _of_redaction(redaction, "speech", min(1.0, seconds / 60), text)


def _names(timeline: Timeline) -> Iterator[Item]:
    names = {person.id: person.name for person in timeline.people if person.name is not None}
    for turn in timeline.turns:
        if turn.person in names and turn.confidence < NAME_SURE and turn.end - turn.start >= NAME_BRIEF:
            text = (
                f"{names[turn.person]} is named here with little certainty ({turn.confidence:.2f}). Check who speaks."
            )
            risk = _risk("name", 1 - turn.confidence)
            yield Item(_turn(turn), "name", turn.start, turn.end, risk, text, turn.person)


def _turn(turn: Turn) -> str:
    return f"turn-{round(turn.start * 1000)}-{round(turn.end * 1000)}"


def _of_redaction(redaction: Redaction, kind: Kind, doubt: float, text: str) -> Item:
    risk = _risk(kind, doubt)
    return Item(redaction.id, kind, redaction.start, redaction.end, risk, text, redaction.person)


def _risk(kind: Kind, doubt: float) -> float:
    return round(RISK[kind] + 0.1 * min(1.0, max(0.0, doubt)), 4)
