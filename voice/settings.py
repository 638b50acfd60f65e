"""Settings of the voice room."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class VoiceSettings(BaseModel):
    """How voices are converted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    converter: str = Field(default="warp", description="which converter: 'warp', or one that a plugin adds")
    crossfade: float = Field(default=0.015, ge=0.005, le=0.1, description="seconds to fade from one voice to the next")
    guard: float = Field(
        default=0.03,
        ge=0.0,
        le=2.0,
        description="seconds cut from both ends of a kept voice, for turns found imprecisely",
    )
    handover: float = Field(
        default=0.25,
        ge=0.0,
        le=2.0,
        description="seconds around the turns of those who did not agree in which nobody keeps the own voice",
    )
