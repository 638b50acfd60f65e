"""Settings of the Sortformer diarizer."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

SortformerName = Literal["sortformer-v1", "sortformer-v2", "sortformer-v2.1"]


class SortformerSettings(BaseModel):
    """Which Sortformer to use, how to run it, and how its probabilities become turns.

    The thresholds are the model's defaults: they were not tuned, because the published weights were not available here.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: SortformerName = Field(
        default="sortformer-v2", description="v2 and v2.1 stream; v1 hears stretches whole and is non-commercial."
    )
    backend: Literal["onnx", "nemo"] = Field(
        default="onnx", description="The converted model from the store, or NeMo (extra `nemo`) with the .nemo file."
    )
    latency: Literal["lowest", "low", "medium", "high"] = Field(
        default="high", description="How far the streaming model may look ahead: 0.32, 1.04, 10 or 30.4 s."
    )
    window: float = Field(
        default=120.0,
        ge=30,
        le=900,
        description="Longest stretch the offline model hears at once, s; memory ~ squared.",
    )
    on: float = Field(default=0.5, gt=0, lt=1, description="Probability over which a speaker's turn begins.")
    off: float = Field(default=0.5, gt=0, lt=1, description="Probability under which a turn ends.")
    pad_on: float = Field(default=0.0, ge=0, le=1, description="Turns begin this much earlier, s.")
    pad_off: float = Field(default=0.0, ge=0, le=1, description="Turns end this much later, s.")
    min_on: float = Field(default=0.0, ge=0, le=10, description="Turns shorter than this are dropped, s.")
    min_off: float = Field(
        default=0.2, ge=0, le=10, description="Pauses of one speaker shorter than this are closed, s."
    )
    own_voice: float = Field(
        default=4.0,
        gt=0,
        le=600,
        description="Seconds alone from which on a second voice in one slot counts as a person.",
    )

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.off > self.on:
            raise ValueError("off is greater than on")
        return self
