"""Policies: the kinds of private words, and what happens to each.

A policy is a small TOML file: a base to start from, an action for each entity, and an action for entities that are not
listed. Presets lie beside this module and are read like any other file.
"""

from __future__ import annotations

from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from timeline import DiscreetError, ExitCode, first_problem, parse_toml, read_text

Action = Literal["beep", "silence", "remove", "surrogate", "keep"]
"""What happens to an entity: an operator's name, or ``keep`` to leave it."""

DEFAULT_POLICY: dict[str, Action] = {
    "PERSON": "beep",
    "LOCATION": "beep",
    "ADDRESS": "beep",
    "PHONE_NUMBER": "beep",
    "EMAIL_ADDRESS": "beep",
    "URL": "beep",
    "IP_ADDRESS": "beep",
    "CREDIT_CARD": "beep",
    "IBAN_CODE": "beep",
    "US_SSN": "beep",
    "US_BANK_NUMBER": "beep",
    "US_DRIVER_LICENSE": "beep",
    "US_PASSPORT": "beep",
    "NUMBER": "beep",
    "SPELLED": "beep",
    "PASSWORD": "beep",
    "USERNAME": "beep",
    "DATE_OF_BIRTH": "beep",
    "AGE": "beep",
    "DENIED": "beep",
    "ORGANIZATION": "keep",
    "NRP": "keep",
    "DATE_TIME": "keep",
}
"""What is private unless the settings say otherwise. Dates and times in general are not; a date of birth is, and so is
an age over 89 (HIPAA Safe Harbor). ``NUMBER`` is any spoken or written number of four digits or more that is not a year
or an amount; ``DENIED`` is anything on the user's own list.
"""

PRESETS = ("hipaa", "gdpr", "names")
"""Policies that come with the program; docs/reference/private-words.md explains each."""


class PolicyError(DiscreetError):
    """A policy cannot be read, or names something that does not exist."""

    exit_code = ExitCode.USAGE


class Policy(BaseModel):
    """A policy as written in its file and, after :func:`load_policy`, completed from its base."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field("", description="what it is called in the document; the file's name when not given")
    about: str = Field("", description="a line for people")
    base: Literal["default", "hipaa", "gdpr", "names"] = Field("default", description="what it starts from")
    default: Action | None = Field(None, description="done to an entity that nobody lists; the base's when not given")
    entities: dict[str, Action] = Field(default_factory=dict, description="entity -> what is done to it")


def load_policy(given: str) -> Policy:
    """The policy ``given``, a preset's name or the path of a TOML file, completed from its base.

    Raises:
        PolicyError: there is no such preset or file, or it has a key, an entity or an operator that does not exist.
    """
    if given == "default":
        return Policy(name="default", default="beep", entities=dict(DEFAULT_POLICY))
    if given in PRESETS:
        policy = _parsed((files("redaction") / f"policy_{given}.toml").read_text("utf-8"), given)
    else:
        path = Path(given)
        try:
            text = read_text(path)
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "not text"
            raise PolicyError(
                f"policy {given} cannot be read: {why}", f"give one of {', '.join(PRESETS)}, or a TOML file"
            ) from None
        policy = _parsed(text, path.stem)
    base = load_policy(policy.base)
    return policy.model_copy(
        update={"default": policy.default or base.default, "entities": {**base.entities, **policy.entities}}
    )


def _parsed(text: str, name: str) -> Policy:
    try:
        content = parse_toml(text)
    except ValueError as error:
        raise PolicyError(f"policy {name} is not TOML: {error}", "correct the line that it names") from None
    try:
        policy = Policy.model_validate({"name": name, **content})
    except ValidationError as error:
        first = first_problem(error)
        if first.kind == "extra_forbidden":
            known = ", ".join(Policy.model_fields)
            message = f"policy {name}: there is no key called {first.where}"
            raise PolicyError(message, f"a policy holds {known}") from None
        raise PolicyError(f"policy {name}: {first}", "see docs/how-to/private-words.md") from None
    for entity in policy.entities:
        # A misspelt entity would leave the intended one unchanged.
        if entity not in DEFAULT_POLICY:
            near = get_close_matches(entity, DEFAULT_POLICY, 1, 0.5)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(DEFAULT_POLICY)}"
            raise PolicyError(f"policy {name}: there is no entity called {entity}", hint)
    return policy
