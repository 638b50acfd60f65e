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

# pixel_shape.py
MOST_STRETCHED = 4.0
"""Width of a pixel over its height, or the inverse, beyond which a recording is refused. Anamorphic lenses give 2.0.
The search for faces stretches pictures by at most this much, and misses faces that stay narrower.
"""

# probe.py
WHOLE_BYTES = 256 << 20
"""Bytes up to which a file is read through packet by packet (without decoding); of a larger one, only head and tail."""

# protocol.py
BEAT_SECONDS = 0.5
"""Seconds between two signs of life of the child while it works."""
MEMORY_BYTES = 4 << 30
"""Address space of the child: some ten pictures of the largest size, and what the libraries need."""

# timestamps.py
SLACK = 0.02
"""Seconds by which the time of a block of sound may be off: rounding of time stamps, jitter of devices."""
JUMP_BACK = 0.3
"""Seconds: a larger step back is a restart of the clock, not a frame out of order."""
JUMP_AHEAD = 6 * 3600.0
"""Seconds: a larger step ahead is a broken clock, not a pause."""
