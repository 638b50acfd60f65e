"""What a recording holds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Picture:
    """Size and rate of the pictures.

    Attributes:
        width, height: px, upright, pixels as stored (odd sizes occur).
        fps: average frames per second.
        sar: sample aspect ratio, width of a pixel over its height; 1.0 for square pixels.
    """

    width: int
    height: int
    fps: float = 30.0
    sar: float = 1.0


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What a file holds. Times are seconds from the recording's start: its first picture or sample.

    Attributes:
        path: the file.
        container: FFmpeg's name of the format.
        duration: s, to the end of the last picture or sample; measured, not the container's claim.
        width, height: px of the upright picture (rotation applied); 0 without pictures.
        fps: average frames per second; 0.0 without pictures.
        variable_rate: the time between pictures varies.
        frames: number of pictures; an estimate for large files.
        rotation: degrees clockwise that turn the stored picture upright (0, 90, 180, 270).
        mirrored: the stored picture is mirrored before it is turned.
        sar: width of a pixel over its height, upright.
        video_codec, video_start, video_end, video_stream: of the pictures; ``video_stream`` is -1 without any.
        has_video, has_audio: a still picture or cover art is not a video.
        sample_rate, channels, audio_codec, audio_start, audio_end, audio_stream: of the sound.
        origin: s, the container's time at the recording's start.
        truncated: the file ends before the recording it announces.
        notes: what is unusual about the file, in plain lines.
    """

    path: Path
    container: str
    duration: float
    has_video: bool
    has_audio: bool
    origin: float = 0.0
    width: int = 0
    height: int = 0
    fps: float = 0.0
    variable_rate: bool = False
    frames: int = 0
    rotation: int = 0
    mirrored: bool = False
    sar: float = 1.0
    video_codec: str = ""
    video_start: float = 0.0
    video_end: float = 0.0
    video_stream: int = -1
    sample_rate: int = 0
    channels: int = 0
    audio_codec: str = ""
    audio_start: float = 0.0
    audio_end: float = 0.0
    audio_stream: int = -1
    truncated: bool = False
    notes: tuple[str, ...] = ()

    @property
    def picture(self) -> Picture | None:
        """Size and rate of the pictures; None without pictures."""
        return Picture(self.width, self.height, self.fps, self.sar) if self.has_video else None
