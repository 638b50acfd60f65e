"""Figures of the live estimate of who speaks."""

from __future__ import annotations

LEAST_SHARE = 0.2
"""Share of a moment in which the loudest speaker must talk to be shown as speaking in it."""

# clustering.py
AHEAD = 0.25
"""Seconds of sound after a moment that are heard before it is decided."""
MOST_SPEAKERS = 16
"""Most voices that are distinguished."""
QUIET = 1e-3
"""RMS level (full scale 1) below which nothing is analysed."""
SHORT_TALK = 0.5
"""Seconds that somebody must have talked alone recently for their voice to be checked."""
RECENT = 1.25
"""Seconds of the recent past that are used for this; longer spans would include the previous speaker."""
NEW_SPEAKER = 1.2
"""Seconds of an unknown voice after which it counts as a new one."""
SAME_SPEAKER = 0.36
"""Cosine from which a long piece is a known voice's; short pieces are partly noise, and need less."""
LOOSE_SAME = 0.25
"""Cosine below which a continuing voice is no longer the same, and from which no new voice is created."""
STAY = 0.10
"""Margin by which another voice must be more similar to replace a continuing speaker."""
HALF_NOISE = 1.0
"""Seconds of speech at which half of the embedding is noise."""
GOES_ON = 0.5
"""Share of what a local speaker said in both windows that must be one voice's to link them."""

# sortformer.py
HELD = 6.0
"""Seconds before the last decision that are kept, to check who talked in them."""
LOOK = 1.2
"""Seconds that somebody must have talked alone for their voice to be checked (again)."""
KNOWN = 2.4
"""Seconds of a voice from which it can be told from another one."""
OTHER_VOICE = 0.25
"""Cosine below which a voice differs from the one its number had; the same bound as in the live diarizer."""
TALKS = 0.5
"""Share of a decided span in which somebody must have talked to be shown."""

# clustering.py
LISTEN_STEP = 0.5
"""Seconds between two analyses."""
LISTEN_WINDOW = 5.0
"""Length of the analysed window, s."""
