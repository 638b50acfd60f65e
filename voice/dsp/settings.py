"""Constants that determine how well a voice is hidden and how good it sounds."""

from __future__ import annotations

import numpy as np

RATES = 8000, 192000
"""Lowest and highest sample rate of a converter, Hz."""

KNEE, CEILING = 0.8, 0.99
"""Samples beyond the knee are bent softly towards the ceiling."""
TILTED = 100.0, 8000.0
"""Range in Hz in which the spectral tilt works."""
TILT_CENTRE = 1000.0
"""Hz at which the tilt changes nothing."""
LOWERED = 0.97
"""Pitch ratio below which the top of the spectrum is empty after the shift and is filled with noise ..."""
EMPTY_FROM = 0.94
"""... from this share of the lowered Nyquist frequency on: the shifter's interpolator fades out before its edge."""

FRAME = 0.024
"""Seconds of one frame of the envelope warper, which is also its delay."""
HOPS = 4
"""Number of frames that cover each sample."""
LIFTER = 0.0017
"""Seconds of quefrency that count as envelope: less than the period of a 590 Hz pitch."""
LIMIT = float(np.log(10.0) * 24 / 20)
"""Largest gain or attenuation of any frequency, in nepers (24 dB)."""
SPEECH = 100.0, 6000.0
"""Range in Hz over which an envelope's mean level is taken: where speech has its formants."""
BEYOND_EDGE = 12
"""Number of bins below the edge whose mean level is continued beyond it."""
FLOOR = 1e-7
"""Share of a frame's strongest bin below which a bin counts as empty (-70 dB) and is not lifted."""

HOP = 0.008
"""Seconds between grains of the pitch shifter; a grain is two hops long. Shorter grains roughen low voices, longer ones
blur consonants."""
REACH = 0.0065
"""Seconds a grain may move either way: twice this holds one period of a 77 Hz voice."""
TAPS = 16
"""Number of samples that an interpolated sample is made from."""
PHASES = 512
"""Number of positions between two samples that are distinguished."""
SIMILAR_RATE = 16000
"""Sample rate in Hz that is enough to compare grains: pitch lies far below 8 kHz."""

HOPS_KEPT = 4
"""Hops of sound that are dropped together: dropping each at once would copy the rest for every hop."""
