"""Puts a timeline under pseudonyms, without left-out people and anything that helps to recognise anybody.

It removes names, hashes of the source, dates, settings, similarity scores, and boxes of faces that are not shown.
"""

from __future__ import annotations

from collections.abc import Mapping

from sharing.levels.session import Included, Session
from timeline import Evidence, Person, Provenance, Redaction, Timeline, Track, Turn, Word

REASONS = {"face": "masked", "voice": "another voice", "word": "private word"}
"""Reasons given for redactions; the run's own reasons may reveal what somebody looks or sounds like."""


def pseudonymous(session: Session) -> Timeline:
    """The session's document under pseudonyms.

    Raises:
        ValueError: ``session.people`` names somebody who is not in the timeline, or one token twice.
    """
    timeline, people = session.timeline, session.people
    known = {person.id: person for person in timeline.people}
    if not people.keys() <= known.keys():
        raise ValueError("somebody who is not in the timeline")
    if len({one.token for one in people.values()}) != len(people):
        raise ValueError("one pseudonym for two people")
    words = _words(timeline, people)
    redactions = _redactions(timeline, people, {word.redaction for word in words})
    return Timeline(
        recording=timeline.recording,
        people=sorted((_person(known[id], one) for id, one in people.items()), key=lambda person: person.id),
        tracks=_tracks(timeline, people, known),
        turns=[
            Turn(
                start=turn.start,
                end=turn.end,
                person=people[turn.person].token,
                overlap=turn.overlap,
                evidence=Evidence(),
            )
            for turn in timeline.turns
            if turn.person in people
        ],
        words=words,
        redactions=redactions,
        provenance=Provenance(version=timeline.provenance.version, models=timeline.provenance.models),
    )


def _person(person: Person, one: Included) -> Person:
    return Person(
        id=one.token,
        pseudonym=one.token,
        seen=person.seen and one.seen,
        heard=person.heard and one.heard,
        quoted=person.quoted and one.quoted,
    )


def _words(timeline: Timeline, people: Mapping[str, Included]) -> list[Word]:
    """The words of people who are in the export and may be quoted. Words of unknown people are left out."""
    quotable = {person.id for person in timeline.people if person.quoted}
    tokens = {id: one.token for id, one in people.items() if one.quoted and id in quotable}
    return [
        Word(start=word.start, end=word.end, text=word.text, person=tokens[word.person], redaction=word.redaction)
        for word in timeline.words
        if word.person in tokens
    ]


def _redactions(timeline: Timeline, people: Mapping[str, Included], of_words: set[str | None]) -> list[Redaction]:
    tokens = {id: one.token for id, one in people.items()}
    return [
        Redaction(
            id=one.id,
            kind=one.kind,
            start=one.start,
            end=one.end,
            person=tokens.get(one.person or ""),
            entity=one.entity,
            operator=one.operator,
            reason=REASONS[one.kind],
        )
        for one in timeline.redactions
        if one.id in of_words or (one.kind != "word" and one.person in people)
    ]


def _tracks(timeline: Timeline, people: Mapping[str, Included], known: Mapping[str, Person]) -> list[Track]:
    shown = {id: one.token for id, one in people.items() if one.seen and known[id].seen}
    return [
        Track(
            id=track.id, person=shown[track.person], start=track.start, end=track.end, boxes=track.boxes, masked=False
        )
        for track in timeline.tracks
        if track.person in shown and not track.masked
    ]
