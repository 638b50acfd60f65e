"""Figures that decide how well a voice is hidden and how good it sounds."""

from __future__ import annotations

import numpy as np

RATES = 8000, 192000
"""Lowest and highest sample rate of a converter, Hz."""

KNEE, CEILING = 0.8, 0.99
"""Samples beyond the knee are bent softly towards the ceiling."""
TILTED = 100.0, 8000.0
"""Hz between which the spectral tilt works."""
TILT_CENTRE = 1000.0
"""Hz at which the tilt changes nothing."""
LOWERED = 0.97
"""Pitch ratio below which the top of the spectrum is empty after the shift and is filled with noise ..."""
EMPTY_FROM = 0.94
"""... from this share of the lowered half rate on: the shifter's interpolator fades out before its edge."""

FRAME = 0.024
"""Seconds of one frame of the envelope warper, which is its delay."""
HOPS = 4
"""Frames that cover each sample."""
LIFTER = 0.0017
"""Seconds of quefrency that count as envelope: below the period of a pitch of 590 Hz."""
LIMIT = float(np.log(10.0) * 24 / 20)
"""Nepers (24 dB) by which no frequency is raised or lowered more."""
SPEECH = 100.0, 6000.0
"""Hz over which the mean level of an envelope is taken: where speech has its formants."""
BEYOND_EDGE = 12
"""Bins below the edge whose mean level is carried on beyond it."""
FLOOR = 1e-7
"""Share of a frame's strongest bin below which a bin counts as empty (-70 dB): it is not lifted."""

HOP = 0.008
"""Seconds between grains of the pitch shifter; a grain is two hops long. Shorter grains roughen low voices, longer ones
blur consonants."""
REACH = 0.0065
"""Seconds a grain may move either way: twice this holds one period of a voice of 77 Hz."""
TAPS = 16
"""Samples that an interpolated sample is made from."""
PHASES = 512
"""Places between two samples that are told apart."""
SIMILAR_RATE = 16000
"""Hz that suffice to judge whether two grains are alike: pitch lies far below 8 kHz."""
