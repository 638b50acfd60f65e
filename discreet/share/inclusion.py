"""Who is part of an export: everybody whose consent to this purpose, in its present words, holds today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from discreet.share.identity_links import key_of, links
from discreet.share.project import Project
from registered import GIVEN, Enrolled
from sharing.levels import Included
from timeline import PeopleError, Person, Timeline


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: by whom it is received, in which role, for which purpose."""

    recipient: str
    role: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Inclusion:
    """Who of a session is part of an export, and why the others are not: id in the timeline -> reason."""

    people: Mapping[str, Included]
    left_out: Mapping[str, str]


class Inclusions:
    """Decides about the people of sessions for one request.

    Args:
        project: with governance and registry.
        asked: what is asked for.
        today: decides whether consent holds.

    If the audit log has lines of a later day, the clock was set back. Then consent has to hold on that day, too, so
    that one that has expired does not come back.
    """

    def __init__(self, project: Project, asked: Asked, today: dt.date | None = None) -> None:
        self._project, self._asked = project, asked
        self._today = today or dt.date.today()
        self._latest = max([self._today, *(entry.at.astimezone().date() for entry in project.log.entries())])
        self._people = {person.id: person for person in project.registry.people()}
        self._unreadable = bool(project.registry.damaged())
        self._terms = project.governance.terms(asked.purpose)

    def of(self, timeline: Timeline, who: Mapping[str, str] | None = None) -> Inclusion:
        """Who of a session is part of it.

        Args:
            timeline: as the run wrote it.
            who: id in the timeline -> name or id of somebody enrolled, where the caller knows better.

        Raises:
            PeopleError: ``who`` names somebody who is not enrolled, or not in the timeline.
        """
        session = key_of(self._project.registry, timeline)
        known = links(self._project.registry, timeline) | self._told(timeline, who or {})
        people: dict[str, Included] = {}
        left_out: dict[str, str] = {}
        for person in timeline.people:
            id = known.get(person.id)
            state = self._state(person, id)
            decision = self._project.decisions.include(
                self._asked.recipient, self._asked.role, self._asked.purpose, state
            )
            if decision and id is not None:
                people[person.id] = self._included(self._people[id])
            elif id is None and self._as_made(person):
                token = self._project.tokens.stranger(session, person.id)
                people[person.id] = Included(token, quoted=person.quoted)
            else:
                left_out[person.id] = decision.reason
        return _without_doubles(people, left_out)

    def everywhere(self) -> dict[str, Included]:
        """Everybody enrolled who is part of any session of the request: id -> what they agree to."""
        asked = self._asked
        return {
            id: self._included(person)
            for id, person in self._people.items()
            if self._project.decisions.include(asked.recipient, asked.role, asked.purpose, self._state_of(id))
        }

    def _told(self, timeline: Timeline, who: Mapping[str, str]) -> dict[str, str]:
        ids = {person.id for person in timeline.people}
        if not who.keys() <= ids:
            raise PeopleError(
                f"{min(who.keys() - ids)} is not in the timeline", f"it has {', '.join(sorted(ids)) or 'nobody'}"
            )
        return {id: self._project.registry.get(name).id for id, name in who.items()}

    def _state(self, person: Person, id: str | None) -> str:
        """The state of consent of somebody in a timeline."""
        if id is None:
            return "enrolled, but nobody knows who it is" if person.registered else "not enrolled"
        return self._state_of(id)

    def _state_of(self, id: str) -> str:
        """The state of consent of somebody enrolled."""
        enrolled = self._people.get(id)
        if enrolled is None:
            return "forgotten, or a record that cannot be read"
        states = [enrolled.consent.for_purpose(self._asked.purpose, self._terms, day) for day in self._days()]
        return next((state for state in states if state != GIVEN), GIVEN)

    def _included(self, person: Enrolled) -> Included:
        today, latest = (person.consent.answers(day) for day in self._days())
        token = self._project.tokens.person(person.id)
        return Included(
            token,
            seen=today.seen and latest.seen,
            heard=today.heard and latest.heard,
            quoted=today.quoted and latest.quoted,
        )

    def _days(self) -> tuple[dt.date, dt.date]:
        return self._today, self._latest

    def _as_made(self, person: Person) -> bool:
        """Whether somebody unknown is part of it: never while a record cannot be read, for it may be theirs."""
        unknown = self._project.governance.unknown_people == "as-made"
        return unknown and not person.registered and not self._unreadable


def _without_doubles(people: dict[str, Included], left_out: dict[str, str]) -> Inclusion:
    """One person cannot be two: where the links say so, both are left out."""
    tokens = [one.token for one in people.values()]
    double = {id for id, one in people.items() if tokens.count(one.token) > 1}
    return Inclusion(
        {id: one for id, one in people.items() if id not in double},
        left_out | dict.fromkeys(double, "two people of the recording are said to be one"),
    )
