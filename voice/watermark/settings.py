"""Figures that decide what the mark costs, what it survives and how often it is found where it is not.

All were chosen on speech of the media and of the synthesiser (python -m evaluation.runs.watermark).
"""

from __future__ import annotations

MARK = "discreet-mark-1"
"""Name of this mark. It is the seed of the pattern, so it is public: everybody can look for the mark, and somebody who
wants to can take it out. It tells honest people what they hear; it is no proof."""
RATE = 16000
"""Samples per second at which the mark is looked for."""
HOP = 0.02
"""Seconds between two frames in which the sound is changed; a frame is twice as long."""
CHIP_FRAMES = 2
"""Frames that one row of the pattern lasts."""
ROWS = 64
"""Rows of the pattern, after which it begins again: 2.56 s."""
BANDS = 44
"""Columns of the pattern."""
LOWEST, HIGHEST = 300.0, 6800.0
"""Hz between which the bands lie, all of equal width. Telephone sound keeps two thirds of them."""
DEPTH = 2.5
"""dB by which the level of a band goes up or down: the mark lies some 15 dB below the speech in every band, where
speech masks it."""

STEP = 0.01
"""Seconds by which the beginning of the pattern is searched."""
CLIP = 8.0
"""dB to which one cell's evidence is limited."""
FLOOR_SHARE = 0.1
"""The noise of a band is its level at this share of all times."""
FLOOR_BELOW = 20.0
"""dB below the loudest at which noise is sought at most: without a pause, the quietest is speech."""
SURE, FADE = 2.0, 8.0
"""dB above the noise at which a cell begins to count, and over how many more it comes to count fully."""
QUIET = 65.0
"""dB below the loudest cell from which on nothing counts."""
LENGTHS = (2.0, 4.0, 8.0)
"""Seconds of the windows in which the mark is sought: longer ones find what noise has weakened."""
EVERY = 0.5
"""Seconds between two windows."""
THRESHOLD = 5.2
"""Standard deviations of the correlation at chance from which on a window is taken for marked."""
PART = 60.0
"""Seconds of sound that are looked at together."""
FALSE_ALARMS, CHECKED = 0, 1473
"""Two-second windows of natural speech that were taken for marked, and how many were looked at; each overlaps the next
by half. The highest score was 4.6."""
