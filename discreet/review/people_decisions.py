"""Decisions about people: names, who is one person, who says what, and what they agree to in this recording.

Whoever is said to speak decides about labels and about what is withheld; it never gives back what somebody else did not
agree to. A turn that is moved away from a person who is not heard or not quoted stays withheld on their behalf.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from discreet.pipeline import Faces
from discreet.review.decision_kinds import Answer, Merge, Move, Rename
from discreet.review.draft import Draft, ReviewScene
from redaction import redact_unquoted, unquoted_forms
from timeline import FaceTrack, Person, Segment, Turn, Word

NOT_SEEN = "is not shown: decided in a review"
_SHARE = 0.5
"""A word of which so much lies in a span that was moved is moved."""


def renamed(draft: Draft, scene: ReviewScene, decision: Rename) -> Draft:
    """With another name for a person, or the pseudonym."""
    name = None if decision.name is None else scene.ground.names[scene.ground.named(decision.name)]
    person = _person(draft, decision.person)
    update: dict[str, object] = {"name": name}
    if name is not None:
        update["registered"] = True
    return _with_people(draft, {person.id: person.model_copy(update=update)})


def answered(draft: Draft, scene: ReviewScene, decision: Answer) -> Draft:
    """With what somebody agrees to in this recording; what was not shown or heard before needs another run."""
    person = _person(draft, decision.person)
    given = {q: a for q in ("seen", "heard", "quoted") if (a := getattr(decision, q)) is not None}
    update: dict[str, object] = dict(given)
    if decision.named is not None:
        id = scene.ground.enrolled.get(person.id)
        update["name"] = scene.ground.names.get(id or "") if decision.named else None
    draft = _with_people(draft, {person.id: person.model_copy(update=update)})
    return hidden(draft, {person.id}) if decision.seen is False else draft


def merged(draft: Draft, decision: Merge) -> Draft:
    """With two people as one, who is granted what both had."""
    one, two = _person(draft, decision.person), _person(draft, decision.other)
    after = one.model_copy(
        update={
            "seen": one.seen and two.seen,
            "heard": one.heard and two.heard,
            "quoted": one.quoted and two.quoted,
            "registered": one.registered or two.registered,
            # Somebody enrolled without a name here did not agree to it: that is the stricter answer.
            "name": None if two.registered and two.name is None else one.name,
        }
    )
    people = draft.people
    enrolled = {id: person for id, person in people.enrolled.items() if id != two.id}
    if two.id in people.enrolled:
        enrolled.setdefault(one.id, people.enrolled[two.id])
    fused = replace(
        people,
        people=[after if p.id == one.id else p for p in people.people if p.id != two.id],
        turns=[_of(turn, two.id, one.id) for turn in people.turns],
        possible=tuple(_of(turn, two.id, one.id) for turn in people.possible),
        track_person={track: one.id if id == two.id else id for track, id in people.track_person.items()},
        enrolled=enrolled,
    )
    plan = replace(
        draft.plan,
        words=[_said(word, two.id, one.id) for word in draft.plan.words],
        redactions=[
            r.model_copy(update={"person": one.id}) if r.person == two.id else r for r in draft.plan.redactions
        ],
        said={id: tuple(_said(w, two.id, one.id) for w in said) for id, said in draft.plan.said.items()},
    )
    draft = replace(draft, people=fused, plan=plan)
    return draft if after.seen else hidden(draft, {one.id})


def moved(draft: Draft, scene: ReviewScene, decision: Move) -> Draft:
    """With what somebody says in a span said by somebody else."""
    (span,) = scene.spans([decision])
    origin, to = _person(draft, decision.person), _person(draft, decision.to)
    turns: list[Turn] = []
    kept: list[Turn] = []
    for turn in draft.people.turns:
        if turn.person != origin.id or turn.end <= span.start or turn.start >= span.end:
            turns.append(turn)
            continue
        inside = Segment(max(turn.start, span.start), min(turn.end, span.end))
        for start, end in ((turn.start, inside.start), (inside.end, turn.end)):
            if end > start:
                turns.append(turn.model_copy(update={"start": start, "end": end}))
        times = {"start": inside.start, "end": inside.end}
        turns.append(Turn(**times, person=to.id, confidence=1.0, overlap=turn.overlap))
        kept.append(turn.model_copy(update=times))
    if (origin.heard and origin.quoted) or (not to.heard and not to.quoted):
        kept = []
    fused = replace(
        draft.people,
        turns=sorted(turns, key=lambda turn: (turn.start, turn.end, turn.person)),
        possible=(*draft.people.possible, *kept),
    )
    words = [_said(w, origin.id, to.id) if _inside(w, span) else w for w in draft.plan.words]
    return replace(draft, people=fused, plan=replace(draft.plan, words=words))


def hidden(draft: Draft, people: Iterable[str]) -> Draft:
    """With every face of these people masked."""
    whose = set(people)
    tracks = [
        shown_nowhere(track, NOT_SEEN) if draft.people.track_person.get(track.id) in whose else track
        for track in draft.faces.tracks
    ]
    return replace(draft, faces=Faces(tracks, draft.faces.times))


def shown_nowhere(track: FaceTrack, reason: str) -> FaceTrack:
    """The track, shown nowhere."""
    if not track.ever_shown:
        return track
    return replace(track, shown=np.zeros_like(track.shown), reason=reason)


def without_unquoted_words(draft: Draft, before: Draft, prefix: str) -> Draft:
    """With the words taken out of people who are quoted no longer, or to whom words were moved that may not stand."""
    people = draft.people.people
    closed = {person.id for person in people if not person.quoted}
    known = {(t.person, t.start, t.end) for t in before.people.withheld}
    closed_before = {person.id for person in before.people.people if not person.quoted}
    turns = [
        turn
        for turn in draft.people.withheld
        if turn.person in closed and not (turn.person in closed_before and (turn.person, turn.start, turn.end) in known)
    ]
    words = draft.plan.words
    if not turns and not any(word.person in closed for word in words):
        return draft
    kept, redactions = redact_unquoted(words, people, turns, prefix=prefix)
    plan = replace(
        draft.plan,
        words=kept,
        redactions=[*draft.plan.redactions, *redactions],
        forms=draft.plan.forms.joined(unquoted_forms(words, kept)),
    )
    return replace(draft, plan=plan)


def _person(draft: Draft, id: str) -> Person:
    return next(person for person in draft.people.people if person.id == id)


def _with_people(draft: Draft, new: Mapping[str, Person]) -> Draft:
    people = [new.get(person.id, person) for person in draft.people.people]
    return replace(draft, people=replace(draft.people, people=people))


def _of(turn: Turn, origin: str, to: str) -> Turn:
    return turn.model_copy(update={"person": to}) if turn.person == origin else turn


def _said(word: Word, origin: str, to: str) -> Word:
    return word.model_copy(update={"person": to}) if word.person == origin else word


def _inside(word: Word, span: Segment) -> bool:
    length = max(word.end - word.start, 1e-3)
    return min(word.start + length, span.end) - max(word.start, span.start) >= _SHARE * length
