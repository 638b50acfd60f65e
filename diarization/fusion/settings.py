"""Figures of joining voices and faces: how much of a mouth must be seen to say anything about it."""

from __future__ import annotations

LEAST_SCORES = 25
"""Scores of a mouth (one second) from which it has a scale of its own."""
LEAST_IN_PIECE = 5
"""Scores within a piece of speech (.2 s) from which they say whether the mouth moved in it."""
