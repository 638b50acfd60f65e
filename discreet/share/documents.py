"""What the documents of a project are filled with."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections import Counter

from discreet.share.auditing import audited, open_points
from discreet.share.consents import states
from discreet.share.project import Project
from sharing.documents import Facts
from sharing.levels import Budget


def facts_of(project: Project, today: dt.date | None = None) -> Facts:
    """Everything that is known of a project.

    Raises:
        UnsafeError: the audit log cannot be read.
        GovernanceError: the governance cannot be read.
    """
    rules = project.governance
    found = audited(project.registry)
    budget = project.folder / "budget.sqlite"
    return Facts(
        name=project.name,
        governance=rules,
        today=(today or dt.date.today()).isoformat(),
        exports=project.ledger.all(),
        models=_models(project),
        budget_spent=Budget(budget, rules.counting.epsilon).spent() if budget.exists() else 0.0,
        people=Counter(f"{one.purpose}: {one.state}" for one in states(project)),
        log_lines=found.lines,
        log_damage=[str(one) for one in found.damage],
        open_points=open_points(project),
    )


def _models(project: Project) -> dict[str, str]:
    """Model -> hash, from the statements about every export."""
    models: dict[str, str] = {}
    for path in sorted((project.folder / "statements").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            statement = json.loads(base64.b64decode(json.loads(line)["payload"]))
            models |= statement["predicate"].get("models", {})
    return models
