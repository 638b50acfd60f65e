"""Private words that are announced: one mechanism, and a file for each language that lists the announcements."""

from __future__ import annotations

from redaction.recognizers.announcements.matching import announced

__all__ = ["announced"]
