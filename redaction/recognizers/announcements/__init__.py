"""Private words that something announces: one mechanism, and for each language a file that says what announces what."""

from __future__ import annotations

from redaction.recognizers.announcements.matching import announced

__all__ = ["announced"]
