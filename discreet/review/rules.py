"""What may be decided about a result: towards more protection always, towards less only where consent says so.

One set of rules serves the page, which asks before it writes a decision, and the run that makes the results again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import singledispatchmethod

from discreet.pipeline import UNCHECKED
from discreet.review.decision_kinds import (
    Answer,
    Correct,
    Decision,
    Mask,
    Merge,
    Move,
    Redact,
    Reject,
    Rename,
    Show,
    Span,
)
from discreet.review.decisions import Decisions
from discreet.review.decisions_file import DecisionsError
from redaction import UNQUOTED
from registered import NOBODY, QUESTIONS, Answers, Registry, name_key
from timeline import PLACEHOLDER, Person, Timeline, Word

BEYOND = 0.5
"""Seconds by which a span may end behind the recording: who takes out the end need not know it to the millisecond."""
SAME = 0.002
"""Seconds by which the time of a word may differ from what a decision says of it."""
FACE = "face-"
"""How the id of an item about a shown face begins; its track's id follows."""


@dataclass(frozen=True, slots=True)
class ReviewRules:
    """What decisions about one result rest on. Its repr shows no name.

    Attributes:
        timeline: of the result.
        enrolled: id in the timeline -> id in the registry, of people who are enrolled.
        names: id in the registry -> name.
        answers: id in the registry -> what that person agrees to today.
    """

    timeline: Timeline = field(repr=False)
    enrolled: Mapping[str, str] = field(default_factory=dict, repr=False)
    names: Mapping[str, str] = field(default_factory=dict, repr=False)
    answers: Mapping[str, Answers] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, timeline: Timeline, enrolled: Mapping[str, str], registry: Registry) -> ReviewRules:
        """With the names and answers of today. Raises PeopleError if the enrolled people cannot be read."""
        names = {person.id: person.name for person in registry.people()}
        return cls(timeline, enrolled, names, registry.consents())

    def agrees(self, person: str) -> Answers:
        """What somebody of the timeline agrees to today: nothing, unless enrolled."""
        return self.answers.get(self.enrolled.get(person, ""), NOBODY)

    def named(self, name: str) -> str:
        """The id in the registry of whoever bears the name. Raises DecisionsError: nobody does."""
        for id, known in self.names.items():
            if name_key(known) == name_key(name):
                return id
        raise DecisionsError(
            "nobody of that name is enrolled", "Discreet writes only names of enrolled people who agreed to it"
        )

    def check(self, decisions: Decisions) -> None:
        """Refuse the decisions if one that counts may not be made. Raises DecisionsError, naming the first."""
        for entry in decisions.standing():
            try:
                self.allow(entry.decision)  # type: ignore[arg-type]
            except DecisionsError as error:
                raise DecisionsError(f"decision {entry.id}: {error}", error.remedy) from None

    def allow(self, decision: Decision) -> None:
        """Refuse a decision that nobody may make. Raises DecisionsError, which says why."""
        self._allow(decision)

    @singledispatchmethod
    def _allow(self, decision: object) -> None:
        """Nothing speaks against approving and confirming."""

    @_allow.register
    def _(self, decision: Reject) -> None:
        known = {redaction.id: redaction for redaction in self.timeline.redactions}
        for item in decision.items:
            if item.startswith(FACE):
                self._track(item.removeprefix(FACE))
                continue
            found = known.get(item)
            if found is None:
                raise DecisionsError(
                    f"{item} cannot be rejected", "move the turn, rename the person or correct the word"
                )
            if found.kind != "word":
                raise DecisionsError(f"{item} hides a {found.kind}", "only consent decides about faces and voices")
            if found.entity in (UNQUOTED, UNCHECKED):
                raise DecisionsError(f"{item} is not about single words", "only consent and another run bring it back")
            if found.operator == "remove":
                raise DecisionsError(f"{item} was cut out", "process the recording again with another policy")

    @_allow.register
    def _(self, decision: Redact) -> None:
        for span in decision.spans:
            self._within(span)

    @_allow.register
    def _(self, decision: Mask) -> None:
        self._within(decision)
        if decision.track is not None:
            self._track(decision.track)

    @_allow.register
    def _(self, decision: Show) -> None:
        self._track(decision.track)
        self._person(decision.person)
        if not self.agrees(decision.person).seen:
            raise DecisionsError(
                f"{decision.person} is not enrolled, or has not agreed to be seen",
                "enrol them, or record their consent",
            )
        of = next(track.person for track in self.timeline.tracks if track.id == decision.track)
        if of not in (None, decision.person):
            raise DecisionsError(f"the face {decision.track} is that of {of}", "merge the two if they are one person")

    @_allow.register
    def _(self, decision: Rename) -> None:
        self._person(decision.person)
        if decision.name is None:
            return
        id = self.named(decision.name)
        if not self.answers.get(id, NOBODY).named:
            raise DecisionsError("the person with that name has not agreed to be named", "keep the pseudonym")
        if self.enrolled.get(decision.person, id) != id:
            raise DecisionsError(
                f"{decision.person} was recognised as somebody else", "move the turns that are not theirs"
            )

    @_allow.register
    def _(self, decision: Merge) -> None:
        self._person(decision.person)
        self._person(decision.other)

    @_allow.register
    def _(self, decision: Move) -> None:
        self._person(decision.person)
        self._person(decision.to)
        self._within(decision)

    @_allow.register
    def _(self, decision: Correct) -> None:
        if word_at(self.timeline, decision) is None:
            raise DecisionsError(f"there is no word at {decision.start:.3f} s", "take its times from the timeline")
        if PLACEHOLDER.match(decision.text):
            raise DecisionsError("a correction cannot be a placeholder", "redact the word instead")

    @_allow.register
    def _(self, decision: Answer) -> None:
        person = self._person(decision.person)
        agreed = self.agrees(decision.person)
        for question in QUESTIONS:
            stands = question == "quoted" and person.quoted  # a setting may quote strangers under a pseudonym
            if getattr(decision, question) and not stands and not getattr(agreed, question):
                raise DecisionsError(
                    f"{decision.person} has not agreed to be {question}", "`discreet people consent` records it"
                )

    def _person(self, id: str) -> Person:
        try:
            return self.timeline.person(id)
        except KeyError:
            raise DecisionsError(f"{id} is not a person of this recording", "take ids from the timeline") from None

    def _track(self, id: str) -> None:
        if id not in {track.id for track in self.timeline.tracks}:
            raise DecisionsError(f"{id} is not a face of this recording", "take ids from the timeline")

    def _within(self, span: Span) -> None:
        end = self.timeline.recording.duration
        if span.start >= end or span.end > end + BEYOND:
            raise DecisionsError(
                f"{span.start:.3f} to {span.end:.3f} s is not within the recording", "choose another span"
            )


def word_at(timeline: Timeline, span: Span) -> Word | None:
    """The word that stands in the clear at just these times; None: there is none."""
    for word in timeline.words:
        same = abs(word.start - span.start) <= SAME and abs(word.end - span.end) <= SAME
        if same and word.redaction is None:
            return word
    return None
