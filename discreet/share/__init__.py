"""Sharing results: what joins the room ``sharing`` with the enrolled people and the results of runs."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from discreet.share.checks.choose import HiddenPeople, checks_for
    from discreet.share.checks.faces import Shown
    from discreet.share.checks.results import gated
    from discreet.share.consents import agree
    from discreet.share.exporting import export
    from discreet.share.identity_links import keep_links
    from discreet.share.inclusion import Asked
    from discreet.share.project import Project
    from discreet.share.request import ExportRequest
    from discreet.share.staging import clean_staging
    from discreet.share.withdrawal import revoke
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "checks.choose": ["HiddenPeople", "checks_for"],
            "checks.faces": ["Shown"],
            "checks.results": ["gated"],
            "consents": ["agree"],
            "exporting": ["export"],
            "inclusion": ["Asked"],
            "identity_links": ["keep_links"],
            "project": ["Project"],
            "request": ["ExportRequest"],
            "staging": ["clean_staging"],
            "withdrawal": ["revoke"],
        },
    )

__all__ = [
    "Asked",
    "ExportRequest",
    "HiddenPeople",
    "Project",
    "Shown",
    "agree",
    "checks_for",
    "clean_staging",
    "export",
    "gated",
    "keep_links",
    "revoke",
]
