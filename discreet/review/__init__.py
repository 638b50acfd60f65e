"""Review: what people decide about a result, and what follows from it."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from discreet.review.decisions import Decisions, Entry
    from discreet.review.file import (
        DECISIONS,
        DecisionsError,
        decide,
        decisions_of,
        fresh,
        read_decisions,
        results_in,
        write_decisions,
    )
    from discreet.review.items import Item, attention, undecided
    from discreet.review.kinds import (
        Answer,
        Approve,
        Box,
        Confirm,
        Correct,
        Decision,
        Mask,
        Merge,
        Move,
        Redact,
        Redo,
        Reject,
        Rename,
        Show,
        Span,
        Undo,
    )
    from discreet.review.rules import (
        Ground,
        word_at,
    )
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "kinds": [
                "Answer",
                "Approve",
                "Box",
                "Confirm",
                "Correct",
                "Decision",
                "Mask",
                "Merge",
                "Move",
                "Redact",
                "Redo",
                "Reject",
                "Rename",
                "Show",
                "Span",
                "Undo",
            ],
            "rules": ["Ground", "word_at"],
            "file": [
                "DECISIONS",
                "DecisionsError",
                "decide",
                "decisions_of",
                "fresh",
                "read_decisions",
                "results_in",
                "write_decisions",
            ],
            "decisions": ["Decisions", "Entry"],
            "items": ["Item", "attention", "undecided"],
        },
    )

__all__ = [
    "DECISIONS",
    "Answer",
    "Approve",
    "Box",
    "Confirm",
    "Correct",
    "Decision",
    "Decisions",
    "DecisionsError",
    "Entry",
    "Ground",
    "Item",
    "Mask",
    "Merge",
    "Move",
    "Redact",
    "Redo",
    "Reject",
    "Rename",
    "Show",
    "Span",
    "Undo",
    "attention",
    "decide",
    "decisions_of",
    "fresh",
    "read_decisions",
    "results_in",
    "undecided",
    "word_at",
    "write_decisions",
]
