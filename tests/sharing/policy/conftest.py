"""A small governance."""

from __future__ import annotations

from typing import Any

import pytest

from sharing.policy import Governance

PLAIN: dict[str, Any] = {
    "project": "Study",
    "controller": "The practice",
    "contact": "mail@example.org",
    "roles": {name: {"about": name} for name in ("owner", "clinician", "researcher")},
    "purposes": {"supervision": {"about": "Advice for the therapist."}, "research": {"about": "A study."}},
    "retention": {"short": {"about": "A month.", "days": 30}},
    "obligations": {"destroy": {"text": "Destroy it."}},
    "grants": [
        {
            "role": "clinician",
            "purpose": "supervision",
            "levels": ["deidentified", "transcript"],
            "retention": "short",
            "obligations": ["destroy"],
        },
        {"role": "researcher", "purpose": "research", "levels": ["aggregate"], "retention": "short"},
    ],
    "recipients": {
        "supervisor": {"role": "clinician", "about": "A colleague"},
        "partner": {"role": "researcher", "about": "A university"},
    },
}


@pytest.fixture
def plain() -> dict[str, Any]:
    """The governance as a file would hold it; each test may change its own copy."""
    import copy

    return copy.deepcopy(PLAIN)


@pytest.fixture
def governance(plain: dict[str, Any]) -> Governance:
    """The same, read."""
    return Governance.model_validate(plain)
