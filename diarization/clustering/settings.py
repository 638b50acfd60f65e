"""Figures of clustering: what counts as heard together, and where speech is cut."""

from __future__ import annotations

HEARD_TOGETHER = 0.01
"""Product of two pieces' activity in a window from which the segmentation model has heard both there."""
CHANGE_SMOOTHING = 5
"""Frames over which the probability of a change of speaker is averaged (85 ms)."""
CHANGES_APART = 12
"""Least frames between two changes of speaker (.2 s): nobody says anything in less."""
BATCHES_AHEAD = 4
"""Batches of pieces that are collected before they are embedded together."""
STUCK = 0.9
"""Share of groups left after joining them block by block from which joining has stopped helping ..."""
EASIER = 0.06
"""... and the similarity from which groups are joined is lowered by this much."""
