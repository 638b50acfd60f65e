"""Figures of the pass over a whole recording: which parts of tracks are one person."""

from __future__ import annotations

SAME_STRANGER = 0.35
"""Cosine above which two parts that follow each other, both of nobody known, are one person."""
SAME_AS_ENROLLED = 0.4
"""The same where one of the two was recognised: a wrong link would give a stranger somebody's name."""
SAME_SIZE = (0.6, 1.6)
"""Least and largest ratio of two faces' sizes, in the same place before and after a gap, that may be one face."""
SAME_BLINDNESS = 2.5
"""Picture periods between two pictures that could not be analysed up to which they are one stretch."""
