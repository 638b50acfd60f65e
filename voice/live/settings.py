"""Settings of the live voice."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

ALIKE = 0.97
"""Correlation of what comes out with what went in, at any delay up to :data:`REACH`, from which on it is taken for the
own voice. A copy has 1; the highest that ``warp`` reaches on read speech is well below
(python -m evaluation.runs.live_voice)."""
HITS = 2
"""Comparisons in a row that must say so."""
REACH = 0.3
"""Seconds."""
GUARD_EVERY, GUARD_LENGTH = 0.05, 0.2
"""Seconds between two comparisons, and of the sound that is compared."""
WARM = 0.1
"""Seconds beyond its delay for which a converter runs before it is heard."""
FADE = 0.02
"""Seconds in which one voice goes over into another."""
SMOOTHING = 0.25
"""Seconds over which the load is averaged."""


class LiveVoiceSettings(BaseModel):
    """When the quality steps down and up again."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    step_down: float = Field(
        default=0.75,
        gt=0.0,
        le=1.0,
        description="share of the time that converting may take before a cheaper way is used; sound stutters at 1",
    )
    step_up: float = Field(
        default=0.35, gt=0.0, le=1.0, description="share of the time below which the better way is tried again"
    )
    calm: float = Field(default=10.0, ge=0.0, description="seconds for which the load must be that low")
    most_late: float = Field(
        default=0.25, gt=0.0, description="seconds by which sound may be late; what is later is left out as silence"
    )


# likeness_guard.py
QUIET_BLOCK = 1e-3
"""RMS of the difference of neighbours below which nothing is compared: noise of a device is alike by chance."""

# cepstra.py
SPEECH_DEPTH = 6.0
"""How far below loud speech the zeroth cepstral coefficient of a frame may be for it to count as speech: 14 dB."""
