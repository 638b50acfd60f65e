"""Documents made from the policy in force: procedures, a page for participants, an impact assessment."""

from sharing.documents.facts import Facts, Figure
from sharing.documents.impact import impact_assessment
from sharing.documents.participants import participants_page
from sharing.documents.procedures import procedures

__all__ = ["Facts", "Figure", "impact_assessment", "participants_page", "procedures"]
