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
