"""Figures of streaming Sortformer, as its authors publish them."""

from __future__ import annotations

from typing import Literal

Latency = Literal["lowest", "low", "medium", "high"]
PUBLISHED: tuple[tuple[Latency, int, int, int, int, int], ...] = (
    ("lowest", 3, 1, 1, 188, 144),
    ("low", 6, 1, 7, 188, 144),
    ("medium", 124, 1, 1, 124, 124),
    ("high", 340, 1, 40, 40, 300),
)
"""Latency; frames (80 ms) of a chunk and of its context to the left and right; frames in the queue, and frames that
move from it to the speaker cache at once. These are the settings for which the authors publish figures.
"""

# base.py
SHARED_SECONDS = 15.0
"""Seconds that neighbouring stretches of the offline model share."""

# pipeline.py
LISTEN = 0.8
"""Sortformer's share of the work, for the progress."""
