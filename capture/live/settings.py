"""Figures of the recorder: how long it waits, how much it holds, and when it calls something late."""

from __future__ import annotations

LOOP_WIDE = 0.3
"""Hz. Bandwidth of the clock loop at the beginning, when nothing is known of the device."""

LOOP_NARROW = 0.004
"""Hz. Bandwidth of the clock loop in the end: jitter of single blocks is averaged away."""

SETTLE_SECONDS = 2.0
"""Seconds at the beginning in which devices empty their buffers, which says nothing about their clock."""

JUMP = 0.2
"""Seconds of deviation from which a block's time counts as a gap, not as jitter."""

RETURN_SECONDS = 5.0
"""Seconds over which a difference in time is corrected."""

MOST_SPEED = 5e-3
"""Largest relative change of speed for that."""

RESAMPLE_TAPS = 24
"""Taps of the interpolating filter."""

RESAMPLE_PHASES = 512
"""Places between two samples for which the filter is tabulated."""

GREY = 96
"""Brightness (0..255) of a picture that could not be masked."""

WINDOW = 2.0
"""Seconds of the past that are considered."""

SHARE = 0.1
"""Share of the pictures in that time that may be dropped."""

SLOWEST = 4
"""Of so many pictures, one is recorded at least, however late the recording is: 7.5 a second of 30."""

LEAST_FPS = 7.0
"""Pictures a second below which no picture is left out on purpose. Masking wants two looks within 0.3 s
(``vision.live.gap``); pictures that are further apart than half of that would be masked wholly.
"""

STEP_SECONDS = 3.0
"""Seconds that a slower picture rate has to help before the next step; more than :data:`WINDOW`."""

CALM = 10.0
"""Seconds without delay after which more pictures are recorded again."""

MOST_CALM = 160.0
"""The same at most, after it turned out to be too short again and again."""

HOLD = 0.5
"""Seconds for which a recording must be late before fewer pictures are recorded."""

DRAIN = 1.0
"""Seconds after a stop within which a source must deliver something more, again and again, of what it took before."""

JOIN = 5.0
"""Seconds that a thread has to end after it was told to."""

SOUND_BLOCKS = 3000
"""Blocks of sound that may wait for the encoder: a minute of 20 ms blocks."""

TICK = 0.05
"""Seconds between two looks at the recording threads."""

STALLED = 1.0
"""Seconds of waiting from which a source counts as silent; until then, the machine counts as slow."""

AT_ONCE = 25
"""Most blocks of sound that are converted at once: half a second."""

START_MARGIN = 0.1
"""Seconds from when all sources have begun until the recording begins, so that nothing on its way is missed."""

OVERDUE = 0.2
"""Seconds that a masked picture may wait for a busy encoder. After that it is left out and counted if a newer one
waits: the sound behind it must reach the disk.
"""

SYNC = 0.5
"""Seconds between flushes to the disk."""
WAITING_ITEMS = 4096
"""Items other than pictures that may wait in a queue; when it is full, the recording ends: sound is never dropped."""
WATCH_SECONDS = 0.25
"""Seconds between two reports to whoever watches a recording."""
COUNTED = 1024
"""Latest events over which a rate is measured: two seconds of 500 pictures each."""
LATENCIES = 100_000
"""Latencies that are kept for the report: 55 minutes of 30 pictures a second."""
MEGABYTE = 1e6
"""Bytes."""

# overload.py
OVERLOADED = 1.0
"""Seconds that sound may be late, and pictures beyond the delay of masking."""

# recorder_threads.py
WORKER_LATE = 1.5
"""Periods after which a picture counts as missed, if nobody was waiting for it."""
