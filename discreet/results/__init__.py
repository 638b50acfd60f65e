"""The results of a run: their folder, the report, and the check that they hold nothing private."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from discreet.results.annotated import annotate
    from discreet.results.document import (
        make_document,
        notes_on,
        redaction_ids,
    )
    from discreet.results.folder import (
        ANNOTATED,
        EXPORTS,
        RECORDINGS,
        REPORT,
        TIMELINE,
        OutputFolder,
    )
    from discreet.results.leak_check import named_after, scan
    from discreet.results.reading import parse_timeline, read_timeline
    from discreet.results.relabel import LABELS, Relabelled, merge, rename, restore
    from discreet.results.report import report_text, summary
    from discreet.results.review_file import Review, ReviewError, read_review, review_text, write_review
    from discreet.results.sealed_details import destroy_details, details, keep_details, source_token
    from discreet.results.share_checks import SpokenTerms
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "annotated": ["annotate"],
            "sealed_details": ["destroy_details", "details", "keep_details", "source_token"],
            "document": ["make_document", "notes_on", "redaction_ids"],
            "folder": ["ANNOTATED", "EXPORTS", "OutputFolder", "RECORDINGS", "REPORT", "TIMELINE"],
            "leak_check": ["named_after", "scan"],
            "reading": ["parse_timeline", "read_timeline"],
            "relabel": ["LABELS", "Relabelled", "merge", "rename", "restore"],
            "report": ["report_text", "summary"],
            "review_file": ["Review", "ReviewError", "read_review", "review_text", "write_review"],
            "share_checks": ["SpokenTerms"],
        },
    )

__all__ = [
    "ANNOTATED",
    "EXPORTS",
    "LABELS",
    "RECORDINGS",
    "REPORT",
    "TIMELINE",
    "OutputFolder",
    "Relabelled",
    "Review",
    "ReviewError",
    "SpokenTerms",
    "annotate",
    "destroy_details",
    "details",
    "keep_details",
    "make_document",
    "merge",
    "named_after",
    "notes_on",
    "parse_timeline",
    "read_review",
    "read_timeline",
    "redaction_ids",
    "rename",
    "report_text",
    "restore",
    "review_text",
    "scan",
    "source_token",
    "summary",
    "write_review",
]
