"""The anonymisation procedures as they are carried out, and the safeguards of a plan for publication."""

from __future__ import annotations

from sharing.documents.facts import Facts
from sharing.levels import LEVELS

STEPS = (
    "Faces are found, tracked and recognised; every face is masked unless somebody enrolled agreed to be seen.",
    "Voices are told apart and recognised; every voice is replaced unless somebody enrolled agreed to be heard.",
    "What is said is transcribed. Private words are taken out of sound and text, then both are checked again.",
    "Results are read again before they are kept: a private word in any of them withholds all.",
    "For each export, governance and each person's consent to its purpose decide. Who did not agree is taken out.",
    "Names become pseudonyms by a keyed hash; source hashes, dates, settings and scores of likeness are taken out.",
    "The export is checked file by file against what it may hold, and searched for names of everybody enrolled.",
    "It is signed, entered in the ledger and the audit log, and only then handed out.",
)


def procedures(facts: Facts) -> str:
    """The document, as Markdown."""
    rules = facts.governance
    lines = [
        f"# Anonymisation procedures: {rules.project}",
        "",
        f"As carried out on {facts.today}. Made by `discreet share procedures` from the governance in force"
        f" (SHA-256 {rules.digest()[:16]}...).",
        "",
        "## Steps",
        "",
        *(f"{number}. {step}" for number, step in enumerate(STEPS, 1)),
        "",
        "## Levels that are granted",
        "",
        "| role | purpose | levels | kept | duties |",
        "|---|---|---|---|---|",
        *(
            f"| {g.role} | {g.purpose} | {', '.join(g.levels)} | {rules.retention[g.retention].days} days |"
            f" {', '.join(g.obligations) or '-'} |"
            for g in rules.grants
        ),
        "",
        *(f"- `{level}`: {LEVELS[level]}." for level in sorted({level for g in rules.grants for level in g.levels})),
        "",
        "## Settings",
        "",
        f"- People nobody has identified (unknown_people): {rules.unknown_people}",
        "- Most of one person in one export: "
        + (f"{rules.sampling.minutes_per_person:g}" if rules.sampling.minutes_per_person else "no limit")
        + (" minutes, drawn by a keyed seed" if rules.sampling.minutes_per_person else ""),
        f"- Counts: epsilon {rules.counting.epsilon:g} in all; up to {rules.counting.suppress_up_to} suppressed;"
        f" rounded to {rules.counting.round_to}; of each person at most {rules.counting.most_sessions} session(s),"
        f" {rules.counting.most_turns} turns and {rules.counting.most_minutes} minutes of each",
        f"- A list of recalls is valid for {rules.recalls.fresh_days} days; address: {rules.recalls.address or 'none'}",
        "",
        "## Models of the runs whose results were given away",
        "",
        *([f"- {model}: {digest}" for model, digest in sorted(facts.models.items())] or ["- Nothing yet."]),
        "",
        "## Measured limits",
        "",
        "| what | figure | how |",
        "|---|---|---|",
        *(f"| {one.what} | {one.value} | {one.command} |" for one in facts.figures),
        "",
        "## Safeguards for a publication plan",
        "",
        "- Only levels granted to the public are published; each export has its own decision.",
        "- Everybody in a published recording agreed to this purpose in its present words.",
        "- Nothing is published without the gate's report and signed statements of how it was made.",
        "- Published recordings cannot be recalled from whoever has a copy; participants are told before they agree.",
        "- Open points below are settled or accepted in writing first.",
        "",
        "## Open points",
        "",
        *([f"- {point}" for point in facts.open_points] or ["- None known."]),
    ]
    return "\n".join(lines) + "\n"
