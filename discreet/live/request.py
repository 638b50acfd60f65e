"""What to record, and the result."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from capture.live import RecordingReport

SYNTHETIC = "synthetic"
NONE = "none"


@dataclass(frozen=True, slots=True)
class RecordingRequest:
    """What to record.

    Attributes:
        target: the file, ``.mp4``.
        camera: number, name or path of the camera, "synthetic", or "none".
        microphone: number or name of the microphone, "synthetic", "none", or None for the system's default.
        play: a file to play instead of both.
        duration: seconds after which the recording ends by itself.
        preview: whether to open a window that shows what is recorded.
    """

    target: Path
    camera: str = "0"
    microphone: str | None = None
    play: Path | None = None
    duration: float = math.inf
    preview: bool = False


@dataclass(frozen=True, slots=True)
class RecordingResult:
    """The result of a recording: the report, and the files by name ("recording", "sound", "faces", "timeline").

    The report's path is None if nothing was recorded.
    """

    recorded: RecordingReport
    files: dict[str, Path] = field(default_factory=dict)


def masked_whole(recorded: RecordingReport) -> int:
    """Upper bound of the pictures that were masked whole, by the masking stage or by the guard around it.

    A picture that the masking stage masked whole but returned too late counts twice: the guard wrote another in its
    place.
    """
    return min(recorded.frames_out, recorded.covered_frames + int(recorded.stage.get("masked_wholly", 0)))


def facts(made: RecordingResult) -> dict[str, Any]:
    """The session in figures, for programs."""
    recorded = made.recorded
    return {
        "files": made.files,
        "duration": round(recorded.duration, 3),
        "frames_in": recorded.frames_in,
        "frames_out": recorded.frames_out,
        "dropped": recorded.dropped,
        "masked_whole": masked_whole(recorded),
        "faces": len(recorded.tracks),
        "faces_shown": sum(track.ever_shown for track in recorded.tracks),
        "ppm": round(recorded.ppm, 1),
        "gaps": recorded.gaps,
        "notes": recorded.notes,
    }


def default_name(folder: Path) -> Path:
    """An unused file name in ``folder`` with date and time."""
    stem = dt.datetime.now().strftime("meeting-%Y-%m-%d-%H%M%S")
    path = folder / f"{stem}.mp4"
    number = 2
    while path.exists():
        path, number = folder / f"{stem}-{number}.mp4", number + 1
    return path
