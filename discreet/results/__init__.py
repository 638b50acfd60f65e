"""The results of a run: their folder, the report, and the check that they hold nothing private."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from discreet.results.annotated import annotate
    from discreet.results.document import make_document, redaction_ids
    from discreet.results.folder import EXPORTS, REPORT, TIMELINE
    from discreet.results.reading import read_timeline
    from discreet.results.relabel import LABELS, rename, restore
    from discreet.results.report import report_text
    from discreet.results.review_file import read_review
    from discreet.results.sealed_details import details, source_token
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "annotated": ["annotate"],
            "sealed_details": ["details", "source_token"],
            "document": ["make_document", "redaction_ids"],
            "folder": ["EXPORTS", "REPORT", "TIMELINE"],
            "reading": ["read_timeline"],
            "relabel": ["LABELS", "rename", "restore"],
            "report": ["report_text"],
            "review_file": ["read_review"],
        },
    )

__all__ = [
    "EXPORTS",
    "LABELS",
    "REPORT",
    "TIMELINE",
    "annotate",
    "details",
    "make_document",
    "read_review",
    "read_timeline",
    "redaction_ids",
    "rename",
    "report_text",
    "restore",
    "source_token",
]
