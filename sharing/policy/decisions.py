"""Decisions by Cedar, with one ``permit`` for each grant of the governance, and a schema that every request must fit.

Cedar: Cutler et al., "Cedar: A New Language for Expressive, Fast, Safe, and Analyzable Authorization", OOPSLA 2024. It
skips a rule in which an attribute is missing or of another type, so a ``forbid`` can fail open. Therefore nothing is
forbidden here: what is not permitted is denied. Anything but a clean Allow is a denial, too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from registered import GIVEN
from sharing.optional_libraries import load
from sharing.policy.governance import Governance, GovernanceError
from timeline import log_error

SCHEMA = """
entity Role;
entity Recipient in [Role] = { "name": String };
entity Artefact = { "level": String };
entity Person = { "consent": String };
action "export" appliesTo {
  principal: [Recipient], resource: [Artefact], context: { "role": String, "purpose": String }
};
action "include" appliesTo {
  principal: [Recipient], resource: [Person], context: { "role": String, "purpose": String }
};
"""
"""The form of a request: "export" asks for a level, "include" for one person in it."""
_RESOURCES = {"export": "Artefact", "include": "Person"}


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether something is allowed, why, and what can be done where it is not; true if it is allowed."""

    allowed: bool
    reason: str
    remedy: str = "discreet share policy lists what is granted"

    def __bool__(self) -> bool:
        return self.allowed


class Decisions:
    """Decides who may get what under one governance.

    Raises:
        GovernanceError: the rules made from it do not fit the schema.
        MissingExtraError: the extra ``sharing`` is not installed.
    """

    def __init__(self, governance: Governance) -> None:
        self._cedar = load("cedarpy")
        self._governance = governance
        text = "\n".join(_rules(governance))
        valid = self._cedar.validate_policies(text, SCHEMA)
        if not valid.validation_passed:
            raise GovernanceError("the grants do not fit the schema of decisions", "report this as a fault")
        self._policies = self._cedar.PolicySet.from_str(text) if text else ""
        self._schema = self._cedar.Schema.from_str(SCHEMA)

    def export(self, recipient: str, role: str, purpose: str, level: str) -> Decision:
        """Whether a recipient may get an export of that level for that purpose."""
        allowed = self.ask("export", recipient, {"level": level}, {"role": role, "purpose": purpose})
        if not allowed and recipient not in self._governance.recipients:
            remedy = f"name them in governance.toml, with their role, under [recipients.{recipient}]"
            return Decision(False, f"there is no recipient {recipient!r}", remedy)
        return Decision(allowed, "granted" if allowed else self._why(recipient, role, purpose, level))

    def include(self, recipient: str, role: str, purpose: str, consent: str) -> Decision:
        """Whether somebody with that state of consent may be part of an export for that purpose."""
        allowed = self.ask("include", recipient, {"consent": consent}, {"role": role, "purpose": purpose})
        return Decision(allowed, "agreed" if allowed else f"consent: {consent}")

    def ask(self, action: str, recipient: str, resource: Mapping[str, Any], context: Mapping[str, Any]) -> bool:
        """Cedar's answer; anything but a clean Allow is False.

        Args:
            action: "export" or "include".
            recipient: a name from the governance; an undefined one has no role.
            resource: attributes of what is asked for.
            context: attributes of the request.
        """
        known = self._governance.recipients.get(recipient)
        who = {"type": "Recipient", "id": recipient}
        parents = [{"type": "Role", "id": known.role}] if known is not None else []
        what = {"type": _RESOURCES.get(action, "Artefact"), "id": "asked"}
        entities = [
            {"uid": who, "attrs": {"name": recipient}, "parents": parents},
            {"uid": what, "attrs": dict(resource), "parents": []},
            *({"uid": parent, "attrs": {}, "parents": []} for parent in parents),
        ]
        request = {
            "principal": who,
            "action": {"type": "Action", "id": action},
            "resource": what,
            "context": dict(context),
        }
        try:
            answer = self._cedar.is_authorized(request, self._policies, entities, self._schema)
            return answer.decision == self._cedar.Decision.Allow and not answer.diagnostics.errors
        except Exception as error:  # a request that Cedar cannot read is denied
            log_error("a request to share could not be decided", error)
            return False

    def _why(self, recipient: str, role: str, purpose: str, level: str) -> str:
        """The first problem of a denied request of a recipient, in words."""
        rules = self._governance
        known = rules.recipients[recipient]
        if role not in rules.roles:
            return f"there is no role {role!r}"
        if known.role != role:
            return f"{recipient!r} has the role {known.role!r}, not {role!r}"
        if purpose not in rules.purposes:
            return f"there is no purpose {purpose!r}, only {', '.join(rules.purposes)}"
        grant = rules.grant(role, purpose)
        if grant is None:
            return f"nothing is granted to {role!r} for {purpose!r}"
        return f"{role!r} may have {', '.join(grant.levels)} for {purpose!r}, not {level!r}"


def _rules(governance: Governance) -> list[str]:
    rules = []
    for grant in governance.grants:
        asked = f"context.role == {_text(grant.role)} && context.purpose == {_text(grant.purpose)}"
        levels = f"[{', '.join(map(_text, grant.levels))}].contains(resource.level)"
        who = f"principal in Role::{_text(grant.role)}"
        rules.append(f'permit({who}, action == Action::"export", resource) when {{ {asked} && {levels} }};')
        agreed = f"resource.consent == {_text(GIVEN)}"
        rules.append(f'permit({who}, action == Action::"include", resource) when {{ {asked} && {agreed} }};')
    return rules


def _text(value: str) -> str:
    """A name as a Cedar string; names hold letters, digits and hyphens only."""
    return json.dumps(value)
