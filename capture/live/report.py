"""What the recorder says about itself: while it runs, and at the end."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from capture.info import Picture
from capture.live.frame_guard import MaskedReason
from timeline import FaceTrack


@dataclass(frozen=True, slots=True)
class RecordingStatus:
    """One moment, for whoever watches.

    ``level`` is the sound's peak, 0..1; ``free_mb`` what the disk has left; ``overload`` says what is late where the
    machine does not keep up; ``safe`` is how many seconds of the recording a crash would leave.
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
    safe: float = 0.0


@dataclass(slots=True)
class RecordingReport:
    """A finished recording.

    Attributes:
        path: the file; None where nothing was recorded.
        duration: s.
        picture: shape of the pictures, or None.
        rate: samples per second of the sound, 0 without.
        frames_in, frames_out, dropped, covered_frames: pictures that the camera took; written; left out for want of
            time, also those that nobody took from the camera; replaced by a notice. The first is the sum of the
            second, which includes the covered, and the third.
        covered: when and why the whole picture was covered.
        ppm: by how much the microphone's clock was fast; corrected.
        gaps: how often the microphone left sound out; silence stands there.
        latencies: for each fragment, seconds from its last picture's taking to its writing.
        times: ``[frames_out]`` s of the recording, of each picture that was written.
        stage: the masking stage's last status.
        cpu: seconds of processor time of each of the recorder's threads.
        tracks: the faces that were found.
        notes: what to know.
        error: what ended it, where that was no stop that somebody asked for.
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
    """Events a second over the last seconds. Written by one thread."""

    def __init__(self, seconds: float = 2.0) -> None:
        self._seconds = seconds
        self._times: deque[float] = deque(maxlen=1024)
        self.count = 0

    def add(self, now: float) -> None:
        """Something happened."""
        self.count += 1
        self._times.append(now)

    def per_second(self, now: float) -> float:
        """How often, lately."""
        recent = [t for t in tuple(self._times) if t > now - self._seconds]
        return len(recent) / self._seconds
