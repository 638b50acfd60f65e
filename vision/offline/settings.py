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

# false_faces.py
FALSE_FACE_NEAR = 0.15
"""Seconds between a sighting of a face and one of a part of it up to which both were found in one search."""
FALSE_FACE_ALIKE = 0.5
"""Cosine from which a crop of the part is of the face itself. No two people of the test meetings are as alike."""
FALSE_FACE_GOOD = 0.2
"""Quality from which a crop tells whether it is of the face itself."""

# weak_detections.py
MOSTLY_SHADOW = 0.5
"""Share of a track's sightings as the shadow of a much better face from which the track may be such a shadow."""
FAIR_SCORE = 0.7
"""Score from which a detector is sure enough of a face."""
