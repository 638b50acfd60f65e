"""Review: what people decide about a result, and what follows from it."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from discreet.review.apply import keep_redaction_ids
    from discreet.review.decision_kinds import Redact, Span
    from discreet.review.decisions import Decisions
    from discreet.review.decisions_file import decide, decisions_of, read_decisions
    from discreet.review.draft import Draft
    from discreet.review.outcome import (
        check_recording,
        decided,
    )
    from discreet.review.publication import PUBLISHED, digest_of, publish, recall, state_of
    from discreet.review.rerun_record import (
        KeptStages,
        RerunRecord,
        earlier_recording,
        keep_record,
        record_of,
        shown_leads,
    )
    from discreet.review.rules import ReviewRules
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "publication": ["PUBLISHED", "digest_of", "publish", "recall", "state_of"],
            "outcome": ["check_recording", "decided"],
            "apply": ["keep_redaction_ids"],
            "rerun_record": [
                "KeptStages",
                "RerunRecord",
                "earlier_recording",
                "keep_record",
                "record_of",
                "shown_leads",
            ],
            "draft": ["Draft"],
            "decision_kinds": ["Redact", "Span"],
            "rules": ["ReviewRules"],
            "decisions_file": ["decide", "decisions_of", "read_decisions"],
            "decisions": ["Decisions"],
        },
    )

__all__ = [
    "PUBLISHED",
    "Decisions",
    "Draft",
    "KeptStages",
    "Redact",
    "RerunRecord",
    "ReviewRules",
    "Span",
    "check_recording",
    "decide",
    "decided",
    "decisions_of",
    "digest_of",
    "earlier_recording",
    "keep_record",
    "keep_redaction_ids",
    "publish",
    "read_decisions",
    "recall",
    "record_of",
    "shown_leads",
    "state_of",
]
