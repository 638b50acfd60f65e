"""Who has to be asked: consent to the purposes of a project, in their present words."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path

from discreet.share.project import Project
from registered import Agreement, Enrolled
from timeline import InputError, read_file

AGAIN = "other terms"
"""The state of somebody who agreed once, to other words or before somebody else received something."""


@dataclass(frozen=True, slots=True)
class State:
    """Where somebody stands with one purpose."""

    person: Enrolled
    purpose: str
    state: str


def states(project: Project, purpose: str | None = None, today: dt.date | None = None) -> list[State]:
    """Everybody's state for a purpose, or for all, by name.

    Raises:
        InputError: there is no such purpose.
    """
    rules = project.governance
    if purpose is not None and purpose not in rules.purposes:
        raise InputError(f"there is no purpose {purpose!r}", f"choose one of {', '.join(rules.purposes)}")
    asked = [purpose] if purpose is not None else list(rules.purposes)
    day = today or dt.date.today()
    return [
        State(person, name, person.consent.for_purpose(name, rules.terms(name), day))
        for name in asked
        for person in project.registry.people()
    ]


def agree(project: Project, name: str, purpose: str, text: str = "", signed: Path | None = None) -> Enrolled:
    """Record that somebody agreed to a purpose as it stands now.

    Args:
        project: whose purpose it is.
        name: or id of somebody enrolled.
        purpose: of the project.
        text: version of the form.
        signed: the signed form; only its hash is kept.

    Raises:
        InputError: there is no such purpose, or the form cannot be read.
        PeopleError: nobody is called that.
    """
    states(project, purpose)
    try:
        signature = hashlib.sha256(read_file(signed)).hexdigest() if signed is not None else ""
    except OSError as error:
        raise InputError(f"{signed} cannot be read: {error.strerror}", "give the signed form") from None
    agreement = Agreement(
        purpose=purpose, terms=project.governance.terms(purpose), text=text, date=dt.date.today(), signature=signature
    )
    return _change(project, name, "consent.agree", agreement)


def disagree(project: Project, name: str, purpose: str) -> Enrolled:
    """Record that somebody does not agree to a purpose any more. What was given away is recalled by ``revoke``.

    Raises:
        InputError: there is no such purpose.
        PeopleError: nobody is called that.
    """
    states(project, purpose)
    return _change(project, name, "consent.withdraw", purpose)


def _change(project: Project, name: str, action: str, what: Agreement | str) -> Enrolled:
    person = project.registry.get(name)
    purpose = what if isinstance(what, str) else what.purpose
    project.note(action, subject=project.tokens.person(person.id), purpose=purpose)
    return project.registry.update(
        person.id,
        lambda now: now.with_consent(
            now.consent.without(purpose) if isinstance(what, str) else now.consent.without(purpose).agreeing(what)
        ),
    )
