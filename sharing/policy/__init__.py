"""The policy: who may get what, for what purpose, for how long; whatever is not granted is denied."""

from sharing.policy.decisions import Decision, Decisions
from sharing.policy.governance import (
    FILE,
    LEVELS,
    OWNER,
    Counting,
    Governance,
    GovernanceError,
    Grant,
    LevelName,
    Recipient,
    load_governance,
)
from sharing.policy.templates import KINDS, Kind, template

__all__ = [
    "FILE",
    "KINDS",
    "LEVELS",
    "OWNER",
    "Counting",
    "Decision",
    "Decisions",
    "Governance",
    "GovernanceError",
    "Grant",
    "Kind",
    "LevelName",
    "Recipient",
    "load_governance",
    "template",
]
