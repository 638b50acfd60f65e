"""Figures of cameras and microphones: how long they are waited for, and how much sound they may hold."""

from __future__ import annotations

OPEN_SECONDS = 10.0
"""Seconds that a camera has to open."""

READ_SECONDS = 5.0
"""Seconds that a camera has to send a picture."""

STAMP_SLACK = 1.0
"""Seconds: an older time stamp of a picture is of another clock, and the time of its arrival counts."""

HELD_SECONDS = 60.0
"""Seconds of sound that may wait to be read. Sound is never dropped: when this is full, the recording ends. Sound
from before the first read, while the models load, is not part of the recording; only the newest of it waits.
"""

SILENT_SECONDS = 5.0
"""Seconds without a block after which a microphone counts as lost."""

LATENCY = 0.1
"""Seconds of buffer to ask the system for: how late a busy machine may be without losing sound."""

MICROPHONE_RATES = 48000, 44100, 32000, 16000
"""Hz. Rates to ask a microphone for, the best first."""

PLAYBACK_BLOCK = 0.02
"""Seconds of sound in a block of a recording that is played as if it were a microphone."""

SYNTHETIC_BLOCK = 960
"""Samples in a block of a synthetic microphone: 20 ms at 48 kHz, as real ones deliver."""

# loudspeaker.py
LOUDSPEAKER_LATENCY = 0.02
"""Seconds of buffer to ask the system for."""
WAITING_SECONDS = 0.1
"""Sound that may wait to be played. What would wait longer would be heard later and later: the oldest is left out."""
