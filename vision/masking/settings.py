"""Figures of masks: where a face may be that nobody sees, and what is too small to draw."""

from __future__ import annotations

IN_PLACE = 0.3
"""IoU of a shown face with the place of a hidden one from which it is the one in that place."""
SPEED_OVER = 0.05
"""Seconds between two sightings from which they give a speed; over less, the detector's jitter would decide."""
SMALLEST_AVATAR = 0.1
"""Scale below which no face is drawn: 15 px across, in which nothing can be seen; the plain colour stays."""

# plan.py
COVERED_AROUND = 0.1
"""Seconds on either side within which every masked sighting is covered.

This leaves no gap if a face jumps or clocks differ a little.
"""
TIGHT = 0.12
"""Margin around a masked face, in face sizes, that is masked even over a shown face."""

# mouths.py
MOUTH_MOVES = 0.4
"""Probability of speaking from which a face's lips count as moving."""
MOUTH_AROUND = 0.3
"""Seconds before and after an instant in which lips that move count as moving at it."""

# avatar.py
OPEN = 0.5
"""Speaking score from which the mouth is drawn open."""

# coverage.py
ROUND = 4.0
"""Exponent of the superellipse around a head: between an ellipse (2) and a box."""

# mosaic.py
LEVELS = 32
"""Steps between the grey levels that a mosaic cell may have."""
