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
