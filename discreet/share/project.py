"""A project: its governance, keys, audit log and ledger, kept with the registry of the people it is about."""

from __future__ import annotations

import hashlib
import hmac
import os
import pwd
import re
from functools import cached_property
from pathlib import Path

from registered import Registry, private_folder, read_place, state_folder, write_private
from sharing import AuditLog, Event, FileHead
from sharing.audit import HeadStore, KeyringHead, LatestHead
from sharing.exports import Ledger
from sharing.policy import FILE, OWNER, Decisions, Governance, Kind, load_governance, template
from sharing.pseudonyms import Identities, Tokens
from timeline import InputError, OutputError

NAME = re.compile(r"^[a-z][a-z0-9-]{0,39}$")
"""What a project may be called."""


def account() -> str:
    """The system account this program runs under; the environment is not asked, for anybody can change it."""
    return pwd.getpwuid(os.geteuid()).pw_name


class Project:
    """One project.

    Args:
        name: what it is called; its keys are derived from it.
        registry: the people.

    Raises:
        InputError: this cannot be a project's name.
    """

    def __init__(self, name: str, registry: Registry) -> None:
        if not NAME.match(name):
            raise InputError(
                f"{name!r} cannot be the name of a project",
                "use lower-case letters, digits and hyphens, such as study-1",
            )
        self.name, self.registry = name, registry
        self.folder = registry.folder / "sharing" / name

    @classmethod
    def create(cls, name: str, registry: Registry, kind: Kind, controller: str, contact: str) -> Project:
        """A new project with a commented governance file.

        Raises:
            InputError: as for the project itself.
            OutputError: there is such a project already, or it cannot be written.
        """
        project = cls(name, registry)
        if project.path.exists():
            raise OutputError(
                f"a project called {name!r} already exists", f"edit {project.path}, or choose another name"
            )
        private_folder(project.folder.parent)
        private_folder(project.folder)
        write_private(project.path, template(kind, name, controller, contact, account()).encode())
        project.note("project.create", detail={"kind": kind})
        return project

    @property
    def path(self) -> Path:
        """The governance file."""
        return self.folder / FILE

    @cached_property
    def governance(self) -> Governance:
        """What the file says now; a change since the last time is a line of the audit log.

        Raises:
            GovernanceError: the file is missing or something in it cannot be.
        """
        governance = load_governance(self.path)
        digest, before = governance.digest(), self.ledger.fact("governance")
        if digest != before:
            self.note("policy.change", detail={"before": before or "", "after": digest})
            self.ledger.set_fact("governance", digest)
        return governance

    def role_of(self, recipient: str) -> str:
        """The role of a recipient; empty, which is granted nothing, where the governance names no such recipient."""
        known = self.governance.recipients.get(recipient)
        return known.role if known is not None else ""

    @cached_property
    def decisions(self) -> Decisions:
        """Who may get what."""
        return Decisions(self.governance)

    @cached_property
    def ledger(self) -> Ledger:
        """What left."""
        return Ledger(self.folder / "ledger.sqlite")

    @cached_property
    def log(self) -> AuditLog:
        """The audit log, one for all projects of a registry."""
        return audit_log(self.registry)

    @cached_property
    def tokens(self) -> Tokens:
        """The pseudonyms of this project."""
        return Tokens(self.registry.secret(f"sharing/pseudonyms/{self.name}"))

    @cached_property
    def signing_seed(self) -> bytes:
        """32 secret bytes from which the project's signing key is made."""
        return self.registry.secret(f"sharing/signing/{self.name}")

    def identify(self, token: str) -> str | None:
        """The name behind a pseudonym, None if nobody enrolled has it; each question is a line of the audit log.

        Raises:
            RefusedError: this account is none of the owner's.
            InputError: this is no pseudonym.
        """
        joined = Identities(self.tokens, self.governance.roles[OWNER].members)
        people = {person.id: person.name for person in self.registry.people()}
        try:
            id = joined.of(token, people, account())
        except Exception:
            self.note("identify", outcome="refused", role=OWNER)
            raise
        self.note("identify", subject=token, outcome="allowed", role=OWNER)
        return people[id] if id is not None else None

    def note(self, action: str, *, subject: str = "", outcome: str = "done", **more: object) -> None:
        """Add a line to the audit log; it is on disk when this returns.

        Raises:
            UnsafeError: the log was cut.
            OutputError: it cannot be written; what the line announces must not happen.
        """
        actor = actor_token(self.registry)
        detail = {"project": self.name, **(more.pop("detail", None) or {})}  # type: ignore[dict-item]
        self.log.record(
            Event.model_validate(
                {"actor": actor, "action": action, "subject": subject, "outcome": outcome, "detail": detail, **more}
            )
        )


def actor_token(registry: Registry) -> str:
    """How the audit log calls the account that runs this program: a keyed hash, for an account bears a name."""
    return "u-" + hmac.new(registry.secret("sharing/actors"), account().encode(), hashlib.sha256).hexdigest()[:16]


def audit_log(registry: Registry) -> AuditLog:
    """The audit log of a registry.

    Its head is kept away from it: in the state folder, and in the keyring where the registry's own key is there.
    """
    folder = registry.folder / "sharing"
    private_folder(folder)
    private_folder(state_folder())
    name = f"audit-{registry.secret('sharing/head')[:8].hex()}"
    places: list[HeadStore] = [FileHead(state_folder() / f"{name}.json")]
    kept = read_place(registry.folder)
    if kept is not None and kept.key == "keyring":
        places.append(KeyringHead(name))
    return AuditLog(folder / "audit.sqlite", registry.secret("sharing/audit"), LatestHead(places))
