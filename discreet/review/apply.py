"""From what a run found to what people decided about it. The findings of the run are not changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from discreet.review.decision_kinds import (
    Answer,
    Approve,
    Confirm,
    Correct,
    Mask,
    Merge,
    Move,
    Redact,
    Reject,
    Rename,
    Show,
)
from discreet.review.decisions import Decisions, Entry
from discreet.review.decisions_file import DecisionsError
from discreet.review.draft import Draft, ReviewScene
from discreet.review.people_decisions import answered, merged, moved, renamed, without_unquoted_words
from discreet.review.picture_decisions import covered, masked, shown
from discreet.review.rules import FACE
from discreet.review.word_decisions import redacted, with_word_corrected, without_redactions
from timeline import Redaction, Timeline


def applied(decisions: Decisions, found: Draft, scene: ReviewScene, numbers: Mapping[str, str]) -> Draft:
    """The findings with every decision that counts, in the order in which they were made.

    Args:
        decisions: what people decided.
        found: what the run found.
        scene: the results that were decided about, and how words are taken out.
        numbers: id of a redaction in these results -> its id in the plan.

    Raises:
        DecisionsError: one of them may not be made, or does not fit what was decided before it.
    """
    scene.ground.check(decisions)
    draft = found
    for entry in decisions.standing():
        try:
            draft = _one(draft, scene, numbers, entry)
        except (DecisionsError, StopIteration) as error:
            why = str(error) or "the person was merged into another before"
            remedy = getattr(error, "remedy", "undo it")
            raise DecisionsError(f"decision {entry.id}: {why}", remedy) from None
    return without_unquoted_words(draft, found, "review-q")


def _one(draft: Draft, scene: ReviewScene, numbers: Mapping[str, str], entry: Entry) -> Draft:
    match entry.decision:
        case Redact() as decision:
            return redacted(draft, scene, entry.id, decision)
        case Reject() as decision:
            for item in decision.items:
                if item.startswith(FACE):
                    draft = covered(draft, item.removeprefix(FACE))
            return without_redactions(draft, [numbers[item] for item in decision.items if item in numbers])
        case Correct() as decision:
            return with_word_corrected(draft, scene, decision)
        case Mask() as decision:
            return masked(draft, scene, entry.id, decision)
        case Show() as decision:
            return shown(draft, scene, decision)
        case Rename() as decision:
            return renamed(draft, scene, decision)
        case Merge() as decision:
            return merged(draft, decision)
        case Move() as decision:
            return moved(draft, scene, decision)
        case Answer() as decision:
            return answered(draft, scene, decision)
        case Approve() | Confirm():
            return draft
    raise DecisionsError("it is of a kind that this version does not know", "install a newer version")


def keep_redaction_ids(timeline: Timeline, before: Timeline) -> Timeline:
    """The document with the ids of redactions that stand in ``before`` as well.

    What was there before keeps its id; what is new is called by kind and time. So decisions about the earlier results
    still mean the same.
    """
    known: dict[tuple[object, ...], list[str]] = {}
    for redaction in before.redactions:
        for facts in _facts(redaction):
            known.setdefault(facts, []).append(redaction.id)
    used: set[str] = set()
    ids: dict[str, str] = {}
    # Exact matches first, so that no likeness takes an id from the redaction whose it is.
    for level in range(len(_facts(before.redactions[0])) if before.redactions else 0):
        for redaction in timeline.redactions:
            if redaction.id in ids:
                continue
            free = [id for id in known.get(_facts(redaction)[level], ()) if id not in used]
            if free:
                ids[redaction.id] = free[0]
                used.add(free[0])
    counts: Counter[str] = Counter()
    for redaction in timeline.redactions:
        if redaction.id not in ids:
            name = f"{redaction.kind}-{round(redaction.start * 1000)}-{round(redaction.end * 1000)}"
            counts[name] += 1
            ids[redaction.id] = name if counts[name] == 1 else f"{name}-{counts[name]}"
    return timeline.model_copy(
        update={
            "redactions": [r.model_copy(update={"id": ids[r.id]}) for r in timeline.redactions],
            "words": [
                w if w.redaction is None else w.model_copy(update={"redaction": ids[w.redaction]})
                for w in timeline.words
            ],
        }
    )


def _facts(redaction: Redaction) -> tuple[tuple[object, ...], ...]:
    """What tells a redaction from others, from exactly to roughly."""
    span = (redaction.kind, redaction.start, redaction.end)
    return ((0, *span, redaction.entity, redaction.person), (1, *span, redaction.entity))


def noted(draft: Draft, decisions: Decisions) -> Draft:
    """With a note on how many decisions made these results."""
    count = sum(not isinstance(entry.decision, Approve | Confirm) for entry in decisions.standing())
    if not count:
        return draft
    what = "1 decision" if count == 1 else f"{count} decisions"
    return replace(draft, plan=draft.plan.noted(f"People reviewed this result: {what} of theirs changed it."))
