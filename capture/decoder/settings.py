"""Figures of the decoding process: how much of a recording is read to know what it holds."""

from __future__ import annotations

HEAD_PACKETS = 3000
"""Packets at the beginning that are decoded to know what a recording holds."""

TAIL_SECONDS = 20.0
"""Seconds at the end that are read to know how long a recording is."""

TRIES = 400
"""Packets of a stream that may fail to decode before it counts as unreadable."""

LEAST_RATE = 1000
"""Samples per second below which sound holds no speech; a small file of such sound would count as days long."""

MOST_KEY_FRAMES = 32
"""Most kinds of key frames that are decoded."""
SAME_RATE = 0.01
"""Relative difference up to which the measured picture rate is the declared one, which is exact."""
ODD_STEPS = 0.02
"""Share of irregular steps between pictures from which the picture rate is variable."""
HOUR = 3600
"""Seconds."""
