"""Settings of live masking, for what is decided differently without the whole recording."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

RESULTS_KEPT = 256
"""Latest analyses and failures that wait to be taken in: twenty seconds at the usual rate; memory stays bounded."""
FORGOTTEN_AT_ONCE = 16
"""Old sightings of a face that are dropped together: dropping each at once would copy the rest for every picture."""


class LiveMaskingSettings(BaseModel):
    """How pictures are masked while they are recorded."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    latency: float = Field(
        default=0.4,
        ge=0.1,
        le=2.0,
        description="Seconds a picture waits before it leaves, so that what is found later counts for it, too.",
    )
    every: float = Field(
        default=0.08, gt=0, le=0.5, description="Least seconds between two looks; more where looking takes longer."
    )
    gap: float = Field(
        default=0.3,
        gt=0,
        le=0.3,
        description="Seconds between two looks from which the pictures between them are masked wholly.",
    )
    recover: float = Field(
        default=0.5,
        ge=0,
        le=30,
        description="Least seconds for which the whole picture stays masked, so that it can be read.",
    )
    hang: float = Field(
        default=2.0,
        ge=0.5,
        le=30,
        description="Seconds after which a look counts as hanging and another worker takes over.",
    )
    parts_every: int = Field(
        default=2, ge=1, le=100, description="Every how many looks one part of the picture is searched at full size."
    )
    crops: int = Field(default=4, ge=1, le=100, description="Faces recognised in one look, at most.")
    check: float = Field(
        default=0.25,
        gt=0,
        le=0.25,
        description="Seconds after which a shown face is recognised again; below the latency, so that it is also"
        " certain after every picture, not only before.",
    )
    stranger: float = Field(
        default=1.0, gt=0, le=60, description="Seconds after which a face that was not recognised is tried again."
    )
    agree: int = Field(default=4, ge=4, le=100, description="Crops that must agree before a face is shown.")
    span: float = Field(
        default=0.3, ge=0.3, le=30, description="Seconds these crops must cover: one instant is one opinion."
    )
    window: int = Field(default=10, ge=4, le=1000, description="The newest crops of a face that are decided over.")
    slack: float = Field(
        default=0.03, ge=0, le=0.03, description="Cosine by which a face already shown may fall below the bar."
    )
    hold: float = Field(
        default=1.0, gt=0, le=1, description="Seconds on either side of an agreeing crop in which a face may be shown."
    )
    after: float = Field(
        default=1.5, ge=0.8, le=60, description="Seconds a lost face is masked where it was heading, growing."
    )


# history.py
ROW_STEP = 0.1
"""Seconds between two rows of a track while nothing changes."""
LAPSE_BREAK = 1.0
"""Seconds up to which two whole-picture masks with the same reason are reported as one."""
MOST_LAPSES = 1000
"""Whole-picture masks that are listed; later ones are added to the last, so that memory stays bounded."""

# identity.py
FEWER_CROPS_SECONDS = 3.0
"""Seconds for which fewer crops suffice to recognise the same person again, after a crossing or a jump."""

# delay_line.py
WAITING_SHARE = 2.0
"""Pictures that may wait, as a multiple of what the expected rate brings within the latency."""
SPARE_PICTURES = 4
"""Pictures that may wait beyond that: at low rates the multiple alone is one or two."""
USUAL_FPS = 30.0
"""Pictures per second assumed where the camera's rate is unknown."""

# masker.py
MOST_WORKERS = 4
"""Workers that may hang before no further one is started."""
GATHER_SECONDS = 1.0
"""Most seconds that ``flush`` waits for the last analysis, and ``close`` for the current one."""
