"""Figures of tracking: when a picture was cut, and when a face that is no longer found is still there."""

from __future__ import annotations

CUT_WIDTH = 480
"""Width, px, of the grey picture in which cuts are looked for: a face of a twentieth of the picture has 24 px."""
SMALLEST_PATCH = 4
"""Least side, px, of a patch that is compared: less tells nothing."""
TEXTURED = 4.0
"""Standard deviation of the grey values from which a patch is kept: in a plainer one everything looks alike."""
SIGHTINGS_OF_A_FACE = 3
"""Weak detections in one place from which a track counts as a face; each alone may be an ear or half of a face."""

# shot_change.py
CHANGED_FACE = 1 / 15
"""Side of the square, in widths of the picture, that changes as a whole when a face appears in it."""
CHANGED_GREY = 24
"""Grey levels by which a pixel must differ: more than noise and compression change in a frame."""
CHANGED_SHARE = 0.75
"""Share of such a square that must have changed. A moving head changes its edges: on the composed meetings, 2 to 10 %
of the frames reach this share, most of them cuts.
"""

# template_match.py
TEMPLATE_REACH = 0.5
"""How far around its expected place a face is searched for, in box sizes."""
TEMPLATE_ALIKE = 0.7
"""Correlation from which the picture counts as unchanged."""

# tracklet.py
GOOD_CROP = 0.3
"""Least quality of crops that are compared within a track."""
OTHER_PERSON = 0.3
"""Cosine below which two crops are two people."""
CALM = 0.6
"""Seconds between two crossings up to which the time between them counts as part of them."""

# sort.py
TICK = 0.04
"""Seconds per step of the motion model (25 fps, as in the paper)."""
