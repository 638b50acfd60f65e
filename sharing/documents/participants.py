"""A page for participants, in plain words: what is shared, with whom, what protects them, how to withdraw."""

from __future__ import annotations

from sharing.documents.facts import Facts
from sharing.levels import LEVELS


def participants_page(facts: Facts) -> str:
    """The page as Markdown. It states the governance in force, and nothing more."""
    rules = facts.governance
    lines = [
        f"# What happens to your recording: {rules.project}",
        "",
        f"{rules.controller} is responsible for it. Write to: {rules.contact}",
        "",
        "## What is shared, and with whom",
        "",
    ]
    for grant in rules.grants:
        partners = [one.about for one in rules.recipients.values() if one.role == grant.role]
        lines += [
            f"**{rules.purposes[grant.purpose].about}**",
            "",
            f"- Who: {rules.roles[grant.role].about}"
            + (f" At present: {'; '.join(partners)}." if partners else " At present nobody receives it."),
            *(f"- What: {LEVELS[level]}." for level in grant.levels),
            f"- How long: at most {rules.retention[grant.retention].days} days.",
            *(f"- They promise: {rules.obligations[name].text}" for name in grant.obligations),
            "",
        ]
    lines += [
        "Nothing else is shared with anybody.",
        "",
        "## You decide",
        "",
        "- You say yes or no to each purpose above, and to being seen, heard, quoted and named. Each answer counts on"
        " its own.",
        "- You can change one answer at any time, without a reason.",
        "- If a purpose changes, or somebody new is to receive something for it, you are asked again. Until you have"
        " answered, you are left out.",
        "",
        "## What protects you",
        "",
        "- Your name never leaves. In its place stands a pseudonym that means nothing outside this project.",
        "- Before anything leaves, a program looks for names and other private words in it, and stops if it finds one.",
        "- Whoever receives something has to check, before every use, that nobody has withdrawn.",
        "- Whatever is shared or refused is logged. Nobody can change the log without being noticed.",
        "",
        "## What can go wrong all the same",
        "",
        "- Somebody who knows you well may recognise you by what you tell.",
        "- The programs sometimes miss something. So recipients promise in writing not to find out who you are.",
        "",
        "## How to withdraw",
        "",
        f"Write to {rules.contact}. Everything with your data is then recalled, whoever has it is told to destroy it,"
        " and what recognises your face and voice is destroyed here.",
        "A copy that somebody keeps in spite of this cannot be reached by us. What was published cannot be taken back.",
    ]
    return "\n".join(lines) + "\n"
