"""The findings of a run as people decided: checked against the results that they decided about, applied, noted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from discreet.pipeline import RunContext, Source
from discreet.results import make_document, redaction_ids, source_token
from discreet.review.apply import applied, noted
from discreet.review.decision_kinds import Reject
from discreet.review.decisions import Decisions
from discreet.review.decisions_file import DecisionsError, fingerprint
from discreet.review.draft import Draft, ReviewScene
from discreet.review.rules import ReviewRules
from redaction import cuts_of
from timeline import InputError, Provenance, Segment, Timeline


@dataclass(frozen=True, slots=True)
class Decided:
    """What people made of the findings.

    Attributes:
        draft: the findings.
        before: the document of what the run found by itself.
    """

    draft: Draft
    before: Timeline


def decided(
    decisions: Decisions, found: Draft, source: Source, context: RunContext, speech: Sequence[Segment]
) -> Decided:
    """Apply decisions to the findings of a run.

    Args:
        decisions: what people decided.
        found: what the run found.
        source: the recording.
        context: settings and people of the run.
        speech: where somebody speaks, s.

    Raises:
        DecisionsError: they are about another recording or other results, or one of them may not be made.
    """
    style = context.settings.vision.mask.style
    facts = (found.faces.tracks, found.people, found.plan, style)
    before = make_document(source.info, *facts, Provenance())
    if fingerprint(before) != decisions.base:
        raise DecisionsError(
            "the decisions were made about other results of this recording: settings, people or version changed",
            "process the recording without them, and review it again",
        )
    ground = ReviewRules.of(before, found.people.enrolled, context.registry)
    size = (source.info.width, source.info.height)
    scene = ReviewScene(ground, context.settings.redaction, cuts_of(found.plan.redactions), speech, size)
    draft = applied(decisions, found, scene, redaction_ids(*facts))
    for entry in decisions.standing():
        if isinstance(entry.decision, Reject) and draft.plan.forms.within(entry.decision.reason) is not None:
            raise DecisionsError(f"decision {entry.id}: its reason holds a private word", "undo it and write another")
    return Decided(noted(draft, decisions), before)


def check_recording(decisions: Decisions, source: Source, context: RunContext) -> None:
    """Refuse decisions about another recording, or about one of which the sealed sound is gone.

    Raises:
        DecisionsError: they belong to another recording.
        InputError: the recording cannot be made again as it was.
    """
    if decisions.source != source_token(context.registry, source.sha256):
        raise DecisionsError(
            "the decisions belong to another recording", "give the decisions.json of this recording's results"
        )
    if source.sidecars is not None and source.sidecars.sound_path is None:
        raise InputError(
            f"the sealed sound of {source.path} is gone, so it cannot be made again",
            "process recordings that are to be reviewed with --keep-spool",
        )
