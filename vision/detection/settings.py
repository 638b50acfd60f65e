"""Figures of the search for faces: which detections are one face, and where a second look is worth it."""

from __future__ import annotations

ONE_FACE = 0.4
"""IoU above which two detections are one face; the one with the better score stays."""
CONFIRMED = 0.3
"""IoU with which the reduced picture must show a large face that only the full size shows."""
CENTRAL = 0.8
"""How far the centre of a face may lie from the middle of the part that is searched again, in half sides of that part:
nearer to its edge it is another face.
"""
SMALLEST_PART = 8
"""Least side, px, of a part that is searched again: a smaller one holds no face."""
PART_OF_FACE = 0.7
"""Share of a detection within a very large face from which it is a mouth or an eye of that face."""
CERTAIN_FACE = 0.7
"""Score of a very large face that may swallow others: YuNet nearly always gives real faces .8 or more."""
