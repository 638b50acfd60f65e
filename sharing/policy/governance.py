"""``governance.toml``: what may be given to whom, for what purpose, for how long, and with which duties.

Its parts refer to each other by name. A name that is not defined is an error when the file is read, and whatever the
file does not grant is denied.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Iterator
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field, ValidationError, model_validator

from timeline import DiscreetError, Document, ExitCode, first_problem, parse_toml, read_text

FILE = "governance.toml"
OWNER = "owner"
"""The role that every project has. Only its members may learn who is behind a pseudonym."""
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
"""Lower-case letters, digits and hyphens, beginning with a letter."""
LevelName = Literal["deidentified", "transcript", "features", "aggregate", "synthetic", "demo"]
LEVELS: tuple[LevelName, ...] = get_args(LevelName)
Sensitive = Literal["face", "voice", "words", "name", "timing", "metadata"]
Line = Annotated[str, Field(min_length=1, max_length=2000)]


class GovernanceError(DiscreetError):
    """The governance file cannot be read, or holds an invalid value."""

    exit_code = ExitCode.USAGE


class Role(Document):
    """Who may ask.

    Attributes:
        about: what the role is, in plain words.
        members: accounts of this computer that act in this role. Only the owner's are used.
    """

    about: Line
    members: tuple[str, ...] = ()


class Purpose(Document):
    """What data may be used for.

    Attributes:
        about: what people are told when they are asked to agree; after a change they must be asked again.
        duo: codes of the Data Use Ontology (GA4GH) that say the same to programs, such as "GRU" or "HMB".
    """

    about: Line
    duo: tuple[Annotated[str, Field(pattern=r"^[A-Z]{2,8}$")], ...] = ()


class Grant(Document):
    """One role may have some levels of export for one purpose."""

    role: Name
    purpose: Name
    levels: Annotated[tuple[LevelName, ...], Field(min_length=1)]
    retention: Name
    obligations: tuple[Name, ...] = ()


class Retention(Document):
    """How long an export may be kept, in days from the day it is made."""

    about: Line
    days: int = Field(ge=1, le=36500)


class Obligation(Document):
    """A duty of a recipient, as written in the agreement."""

    text: Line


class Recipient(Document):
    """Somebody who may get exports: in which role, who that is, and how they are reached."""

    role: Name
    about: Line
    contact: str = Field("", max_length=500)


class Sampling(Document):
    """Most minutes of speech of each person in one export, chosen with a keyed seed."""

    minutes_per_person: float | None = Field(None, gt=0.0, le=600.0)


class Counting(Document):
    """Counts with differential privacy, and small cells.

    Attributes:
        epsilon: cost of all counts of the project together.
        suppress_up_to: counts up to this number are not released (OpenSAFELY: 7).
        round_to: counts are rounded to multiples of this number (OpenSAFELY: 5).
        most_sessions: most sessions of one person that count.
        most_turns: most turns of one person in one session that count.
        most_minutes: most minutes of speech of one person in one session that count.
    """

    epsilon: float = Field(4.0, gt=0.0, le=20.0)
    suppress_up_to: int = Field(7, ge=0, le=1000)
    round_to: int = Field(5, ge=1, le=1000)
    most_sessions: int = Field(1, ge=1, le=1000)
    most_turns: int = Field(60, ge=1, le=10000)
    most_minutes: int = Field(30, ge=1, le=600)


class Recalls(Document):
    """Where recipients look for recalled exports, and for how many days a list is valid.

    ``address`` is a file or an https address; the file ``recalls.json`` is put there by hand or by a scheduled job.
    """

    address: str = Field("", max_length=500)
    fresh_days: int = Field(30, ge=1, le=3650)


class Governance(Document):
    """The whole file.

    Attributes:
        version: of the format.
        project: the project's name in agreements and for participants.
        controller: who is responsible for the data (GDPR article 4 (7)).
        contact: whom participants and recipients write to.
        unknown_people: what happens to unknown people in a recording: they are "left-out" of exports, or stay "as-made"
            by the run that made the recording safe.
        sensitive: what is sensitive in these recordings, and why.
    """

    version: Literal[1] = 1
    project: Line
    controller: Line
    contact: Line
    unknown_people: Literal["left-out", "as-made"] = "left-out"
    sensitive: dict[Sensitive, Line] = Field(default_factory=dict)
    roles: dict[Name, Role]
    purposes: dict[Name, Purpose]
    retention: dict[Name, Retention]
    obligations: dict[Name, Obligation] = Field(default_factory=dict)
    grants: tuple[Grant, ...] = ()
    recipients: dict[Name, Recipient] = Field(default_factory=dict)
    sampling: Sampling = Sampling()
    counting: Counting = Counting()
    recalls: Recalls = Recalls()

    @model_validator(mode="after")
    def _every_name_is_defined(self) -> Governance:
        if OWNER not in self.roles:
            raise ValueError(f"there is no role {OWNER!r}")
        for kind, name, defined in self._references():
            if name not in defined:
                raise ValueError(f"there is no {kind} {name!r}")
        pairs = [(grant.role, grant.purpose) for grant in self.grants]
        if len(set(pairs)) != len(pairs):
            raise ValueError("two grants are for the same role and purpose")
        return self

    def _references(self) -> Iterator[tuple[str, str, Container[str]]]:
        for grant in self.grants:
            yield "role", grant.role, self.roles
            yield "purpose", grant.purpose, self.purposes
            yield "retention", grant.retention, self.retention
            yield from (("obligation", name, self.obligations) for name in grant.obligations)
        for recipient in self.recipients.values():
            yield "role", recipient.role, self.roles

    def grant(self, role: str, purpose: str) -> Grant | None:
        """The grant to that role for that purpose; None if there is none."""
        return next((g for g in self.grants if (g.role, g.purpose) == (role, purpose)), None)

    def terms(self, purpose: str) -> str:
        """A fingerprint of what people agree to with that purpose: 16 hexadecimal digits.

        It changes with the purpose's words, with its recipients, and with the levels that they get. After such a change
        everybody must be asked again.

        Raises:
            KeyError: there is no such purpose.
        """
        granted = sorted((g.role, sorted(g.levels)) for g in self.grants if g.purpose == purpose)
        roles = {role for role, _ in granted}
        partners = sorted((name, r.role, r.about) for name, r in self.recipients.items() if r.role in roles)
        facts = [self.project, self.controller, purpose, self.purposes[purpose].about, granted, partners]
        return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()[:16]

    def digest(self) -> str:
        """SHA-256 of everything that the file says, in hex, without comments and the order of keys."""
        return hashlib.sha256(
            json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False).encode()
        ).hexdigest()


def load_governance(path: Path) -> Governance:
    """The governance in a TOML file.

    Raises:
        GovernanceError: there is no such file, it is not TOML, or something in it is unknown or invalid.
    """
    try:
        content = parse_toml(read_text(path))
    except FileNotFoundError:
        raise GovernanceError(f"there is no {path}", "write one: discreet share init --help") from None
    except OSError as error:
        raise GovernanceError(f"{path} cannot be read: {error.strerror}", "check its permissions") from None
    except ValueError as error:
        raise GovernanceError(f"{path} is not TOML: {error}", "correct the line that it names") from None
    try:
        return Governance.model_validate(content)
    except ValidationError as error:
        first = first_problem(error, {"extra_forbidden": "there is no such key"})
        raise GovernanceError(f"{path}: {first}", "correct it; nothing is shared until then") from None
