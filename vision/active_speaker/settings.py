"""Figures of the crops in which it is seen who speaks."""

from __future__ import annotations

BOX_SMOOTHING = 0.2
"""Seconds on either side over which the boxes of a face are averaged: a jumping crop looks like a moving mouth."""
PICTURE_WAIT = 0.96
"""Most seconds that a picture is kept for its crops; more than the time between two sightings."""
HALF_CROP = 0.02
"""Half of the seconds between two crops: so far outside a track's sightings a crop still belongs to it."""
SIGHTINGS_KEPT = 64
"""Latest sightings of a face that are kept: up to 80 pictures a second, more than :data:`PICTURE_WAIT`."""
GAP_CROPS = 1.5
"""Crop periods from which two times are not next to each other."""

# lip_motion.py
FLOOR = 0.02
"""Movement, px, that counts as noise."""

# normalise.py
IN_TIME = 0.8
"""Seconds over which synchrony is averaged: it tells little about a moment, and much about a sentence."""
EVEN = 0.1
"""Synchrony, so averaged, that talkers and listeners have equally often."""

# synchrony.py
LEAST_CROPS = 12
"""Crops below which there is no synchrony to measure."""
STILL = 0.15
"""Movement, px, below which a mouth counts as still."""
FLAT = 4.0
"""Contrast, grey levels, below which a mouth's look is noise."""
MOST_SYNCHRONY = 2.0
"""Limit of one crop's evidence, so that no single moment decides."""
