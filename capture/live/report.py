"""What the recorder reports about itself, during the recording and at the end."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from capture.live.frame_guard import MaskedReason
from capture.live.settings import COUNTED
from capture.media_info import Picture
from timeline import FaceTrack


@dataclass(frozen=True, slots=True)
class RecordingStatus:
    """A snapshot for display.

    ``level`` is the sound's peak, 0..1; ``free_mb`` is the free disk space; ``overload`` says what is late if the
    machine does not keep up; one of ``every`` pictures is recorded; ``safe`` is how many seconds of the recording would
    survive a crash.
    """

    elapsed: float
    paused: bool
    begun: bool
    fps_in: float
    fps_out: float
    frames: int
    dropped: int
    covered: int
    covering: str
    queues: Mapping[str, int]
    level: float
    ppm: float
    free_mb: float
    stage: Mapping[str, float | int | str]
    overload: str = ""
    every: int = 1
    safe: float = 0.0


@dataclass(slots=True)
class RecordingReport:
    """The report on a finished recording.

    Attributes:
        path: the file; None if nothing was recorded.
        duration: s.
        picture: size and rate of the pictures, or None.
        rate: samples per second of the sound, 0 without sound.
        frames_in, frames_out, dropped, covered_frames: pictures taken by the camera; written; left out for lack of
            time, including those never read from the camera; replaced by a notice. ``frames_in`` is ``frames_out``,
            which includes the covered ones, plus ``dropped``.
        covered: when and why the whole picture was covered.
        ppm: how much too fast the microphone's clock ran; corrected.
        gaps: how often the microphone lost sound; it is replaced by silence.
        latencies: for each fragment, seconds from when its last picture was taken to when it was written.
        times: ``[frames_out]`` s of the recording, of each written picture.
        stage: the masking stage's last status.
        cpu: seconds of processor time of each of the recorder's threads.
        tracks: the faces that were found.
        notes: what people should know.
        error: what ended the recording, unless somebody stopped it.
    """

    path: Path | None
    duration: float = 0.0
    picture: Picture | None = None
    rate: int = 0
    frames_in: int = 0
    frames_out: int = 0
    dropped: int = 0
    covered_frames: int = 0
    covered: list[MaskedReason] = field(default_factory=list)
    ppm: float = 0.0
    gaps: int = 0
    latencies: list[float] = field(default_factory=list)
    times: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    stage: Mapping[str, float | int | str] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)
    tracks: list[FaceTrack] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    error: BaseException | None = None


class RateMeter:
    """Counts events and their rate over the last seconds. One thread writes it."""

    def __init__(self, seconds: float = 2.0) -> None:
        self._seconds = seconds
        self._times: deque[float] = deque(maxlen=COUNTED)
        self.count = 0

    def add(self, now: float) -> None:
        """Count an event at ``now``."""
        self.count += 1
        self._times.append(now)

    def per_second(self, now: float) -> float:
        """Events per second over the last seconds."""
        recent = [t for t in tuple(self._times) if t > now - self._seconds]
        return len(recent) / self._seconds
