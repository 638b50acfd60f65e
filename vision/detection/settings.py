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

# low_light.py
FAINT_CONTRAST = 30.0
"""Standard deviation of grey values to which parts with less are stretched; parts with more are unchanged."""
FAINT_MIDDLE = 90.0
"""Mean grey value of parts that are stretched to twice their contrast or more."""
MOST_STRETCH = 8.0
"""Largest gain; fainter detail is noise."""
PLAIN = 0.8
"""Standard deviation below which a part counts as plain, such as bars or a painted background."""
LEAST_STRETCH = 1.5
"""Gain from which a part is worth a second search."""
FAINT_EVERY = 3
"""Every how many searches the shade is searched as well: every 0.36 s, less than the time masked before a first
sighting.
"""
SAME_FACE_WITHIN = 0.7
"""Share of a face found in the stretched picture, inside one found in the original, from which it belongs to that."""

# multiscale.py
HUGE = 240.0
"""Side in px from which faces are searched for in reduced pictures only."""
LARGE = 120.0
"""Side in px from which a face found only at full size must be confirmed in a picture scaled to it."""
SOFT = 1.2
"""Standard deviation in px of the smoothing before a full-size picture is stretched, or noise would look like faces."""
DEEP_SHADE = 10.0
"""Standard deviation of a face's grey values below which it is in deep shade; others are found without stretching."""
