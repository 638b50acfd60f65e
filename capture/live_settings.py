"""Settings of the live recorder."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from capture.settings import Preset


class RecordSettings(BaseModel):
    """How a meeting is recorded."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    width: int = Field(default=1280, ge=64, le=7680, description="Picture to ask the camera for, px.")
    height: int = Field(default=720, ge=64, le=4320, description="Picture to ask the camera for, px.")
    fps: float = Field(default=30.0, gt=0, le=240, description="Frames a second to ask the camera for.")
    sample_rate: int = Field(default=48000, ge=8000, le=192000, description="Hz to ask the microphone for.")
    sound_delay: float = Field(
        default=0.0, ge=-2, le=2, description="Seconds by which the microphone's sound is known to come late."
    )
    sound: Literal["voice", "keep", "none"] = Field(
        default="voice", description="Sound of the recording: everybody in another voice, unchanged, or none."
    )
    spool: Literal["encrypted", "off"] = Field(
        default="encrypted", description="Keep the unchanged sound, encrypted, for `discreet process`."
    )
    diarize: bool = Field(default=False, description="Show who is speaking now, by voice.")
    limit: float = Field(
        default=0.6, gt=0, le=10, description="Seconds by which masking may be late before the whole picture is masked."
    )
    recovery: float = Field(
        default=1.0, ge=0, le=60, description="Seconds without a fault before the picture is shown again."
    )
    start_seconds: float = Field(
        default=15.0, gt=0, le=600, description="Seconds that camera and microphone may take to start."
    )
    stall_seconds: float = Field(
        default=5.0, gt=0, le=600, description="Seconds without data after which a source counts as lost."
    )
    hang_seconds: float = Field(
        default=20.0, gt=0, le=600, description="Seconds after which an encoder that hangs ends the recording."
    )
    reserve_mb: int = Field(
        default=200, ge=0, le=1000000, description="Free disk below which the recording ends, in MB."
    )
    queue_pictures: int = Field(default=8, ge=1, le=256, description="Pictures that may wait for each stage.")
    preset: Preset = Field(default="superfast", description="x264 preset.")
    crf: int = Field(default=23, ge=0, le=51, description="x264 constant rate factor: lower is better and larger.")
    encode_threads: int = Field(default=2, ge=1, le=32, description="Threads of the video encoder.")
    audio_kbps: int = Field(default=96, ge=16, le=256, description="AAC bit rate, in kbit/s.")
    fragment_seconds: float = Field(
        default=0.25, gt=0, le=5, description="Length of the pieces that are written; a crash loses the last one."
    )
