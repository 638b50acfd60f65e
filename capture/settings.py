"""Settings of the capture room."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Preset = Literal["quick", "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow"]


class CaptureSettings(BaseModel):
    """How recordings are read and written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    decode_threads: int = Field(
        default=1, ge=1, le=32, description="Threads of the video decoder; it has a process of its own already."
    )
    stall_seconds: float = Field(
        default=30.0,
        gt=0,
        le=600,
        description="A decoder that gives no sign of life for so long is stopped and the file called damaged.",
    )
    max_hours: float = Field(default=24.0, gt=0, le=1000, description="Longer recordings are refused, hours.")
    preset: Preset = Field(
        default="quick",
        description="x264 preset: slower ones make smaller files of the same look; quick: veryfast at half its cost.",
    )
    crf: int = Field(default=22, ge=0, le=51, description="x264 constant rate factor: lower is better and larger.")
    encode_threads: int = Field(default=2, ge=1, le=32, description="Threads of the video encoder.")
    audio_kbps: int = Field(default=96, ge=16, le=256, description="AAC bit rate for each channel, in kbit/s.")
    queue_mb: int = Field(
        default=64, ge=1, le=8192, description="Pictures waiting for the encoder may take so much memory, in MiB."
    )
    comment: str = Field(default="discreet", description="Comment tag of written files; empty for none.")
