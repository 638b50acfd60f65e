"""Figures of recognition besides the threshold: clearing crops, and learning from the recording itself."""

from __future__ import annotations

# dehaze.py
HAZE_RANGE = 110.0
"""Grey values between the darkest and the brightest 2 % to which a veiled face is stretched."""
HAZE_VEIL = (40.0, 60.0)
"""Grey value of the darkest 2 % up to which there is no veil, and from which the veil is removed completely."""
HAZE_MOST = 3.0
"""Largest gain of a veiled crop."""
HAZE_LEAST = 1.05
"""Gain below which a veiled crop is left as it is."""
NOISY = 8.0
"""Standard deviation of the noise from which a crop is smoothed; the detail of sharp photos reaches 8."""
NOISE_SMOOTHING = 1.2
"""Standard deviation, px, of the smoothing of a noisy crop."""

# within_recording.py
SURE_CROPS = 6
"""Crops that must agree in a part of a track whose crops help to recognise other parts."""
BELOW_TRACK = 0.12
"""How far below the threshold a part's similarity to the photos may be: with SFace this gives .30, below which 99 of
100 stretches of strangers lie; all but one of the rest are below .36.
"""
FAMILIAR_AHEAD = 0.15
"""How much more similar a part must be to that person than to anybody known to be someone else."""
FAMILIAR_CROP = 0.1
"""How much less similar a single crop may be to the person in this recording than the part's mean must be."""

# alignment.py
UPRIGHT_SPREAD = 1.28
"""Enlargement of the template in the upright view."""
UPRIGHT_LEAST = 0.3
"""Least score of a detection in the upright view."""
UPRIGHT_AWAY = 0.25
"""How far its landmarks may be from where the face was found, in distances between eyes and mouth, so that another face
beside it is not mistaken for it.
"""
UPRIGHT_SCALE = 1.4
"""How much larger or smaller the face in the upright view may be than the one that was found."""
UPRIGHT_ROLL = 0.05
"""Rotation (rad) from which a second look is worthwhile."""

# within_recording.py
RUN_OF_CROPS = 3
"""Crops in a row whose mean is one opinion."""
SEEN_TOGETHER = 0.1
"""Seconds that two tracks must be seen at once to be compared."""
APART_OVERLAP = 0.1
"""Overlap (intersection over union) of two faces below which they are two."""
