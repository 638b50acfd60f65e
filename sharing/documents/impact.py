"""A data protection impact assessment (GDPR article 35 (7)), filled with known facts; people judge and sign it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sharing.documents.facts import Facts


def impact_assessment(facts: Facts) -> str:
    """The document, as Markdown."""
    rules = facts.governance
    given = Counter((one.level, one.purpose) for one in facts.exports)
    recalled = sum(one.recalled is not None for one in facts.exports)
    destroyed = sum(one.destroyed is not None for one in facts.exports)
    lines = [
        f"# Data protection impact assessment: {rules.project}",
        "",
        f"Facts as of {facts.today}, made by `discreet audit dpia`. Judgements are left to the controller.",
        "",
        f"- Controller: {rules.controller}",
        f"- Contact: {rules.contact}",
        "",
        "## What is processed, and why (article 35 (7) a)",
        "",
        "Recordings of meetings: faces, voices, what is said, and when.",
        "",
        *[f"- {kind}: {why}" for kind, why in rules.sensitive.items()],
        "",
        *[f"- Purpose `{name}`: {one.about}" for name, one in rules.purposes.items()],
        "",
        f"Enrolled people by consent: {_listed(facts.people) or 'nobody yet'}.",
        "",
        "| given away | for | exports |",
        "|---|---|---|",
        *[f"| {level} | {purpose} | {count} |" for (level, purpose), count in sorted(given.items())],
        "",
        f"{len(facts.exports)} exports in all, {recalled} recalled, {destroyed} destroyed with a certificate.",
        "",
        "## Necessity and proportion (b)",
        "",
        *[
            f"- {g.role} for {g.purpose}: {', '.join(g.levels)}, at most {rules.retention[g.retention].days} days"
            for g in rules.grants
        ],
        "- Whatever is not listed is denied.",
        "",
        "## Risks, with what was measured (c)",
        "",
        "| risk | figure | how it was measured |",
        "|---|---|---|",
        *[f"| {one.what} | {one.value} | {one.command} |" for one in facts.figures],
        f"| privacy budget of counts | {facts.budget_spent:g} of {rules.counting.epsilon:g} spent | ledger |",
        "",
        "## Measures (d)",
        "",
        "- Masks, changed voices and redacted words by default; consent opens, never closes.",
        "- Consent to each purpose in its present words; a change means asking again.",
        "- Pseudonyms under a key of this project alone; only its owners can join them.",
        "- A gate before every export; signed statements; recalls; an audit log that nobody can rewrite unnoticed.",
        f"- Audit log: {facts.log_lines} lines, "
        + ("in order." if not facts.log_damage else f"NOT in order: {'; '.join(facts.log_damage[:5])}."),
        "",
        "## Open points",
        "",
        *([f"- {point}" for point in facts.open_points] or ["- None known."]),
        "",
        "| judged by | on | result |",
        "|---|---|---|",
        "| | | |",
    ]
    return "\n".join(lines) + "\n"


def _listed(people: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {state}" for state, count in sorted(people.items()))
