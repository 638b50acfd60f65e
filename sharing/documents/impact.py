"""A data protection impact assessment (GDPR article 35 (7)), filled with known facts; people judge and sign it."""

from __future__ import annotations

from collections import Counter

from sharing.documents.facts import Facts
from timeline import number_of


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
        "| purpose: consent of enrolled people | people |",
        "|---|---|",
        *[f"| {state} | {count} |" for state, count in sorted(facts.people.items())],
        *([] if facts.people else ["| nobody is enrolled yet | 0 |"]),
        "",
        "| given away | for | exports |",
        "|---|---|---|",
        *[f"| {level} | {purpose} | {count} |" for (level, purpose), count in sorted(given.items())],
        "",
        f"{number_of(len(facts.exports), 'export')} in all, {recalled} recalled,"
        f" {destroyed} destroyed with a certificate.",
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
        "- Faces are masked, voices changed and private words taken out, unless a person agreed otherwise.",
        "- People consent to each purpose in its present words. After a change they are left out until asked again.",
        "- Pseudonyms are made with a key of this project alone. Only its owners can ask who is behind one.",
        "- Every export is checked before it leaves, and signed. Exports can be recalled. Changes to the audit log are"
        " noticed.",
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
