"""Figures of the live estimate of who speaks."""

from __future__ import annotations

LEAST_SHARE = 0.2
"""Share of a moment in which the loudest speaker must talk to be shown as speaking in it."""
