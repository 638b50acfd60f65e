"""Stages and sources that do what a test tells them, and a recorder on a virtual clock."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from capture.clock import Clock
from capture.devices import DeviceClock
from capture.devices.synthetic import SyntheticPictures, SyntheticSound
from capture.live.pipeline import PipelineParts
from capture.live.recorder import Recorder
from capture.live_settings import RecordSettings
from capture.media_info import Picture
from capture.reading.video import VideoFile
from capture.sources import Image
from timeline import FaceTrack, FloatArray, InputError

SMALL = Picture(96, 64, 30.0)
FAST = RecordSettings(preset="ultrafast", encode_threads=1, crf=18, sound="keep", reserve_mb=0)
MARK = (slice(16, 48), slice(32, 64))
"""Where the face is that must never be seen."""
MARKED = np.array([0, 0, 255], np.uint8)
MASK = np.array([255, 0, 0], np.uint8)


def mark(number: int, image: Image) -> None:
    """Draw the face."""
    image[MARK] = MARKED


class DelayStage:
    """Masks :data:`MARK` behind a delay line; ``fault``, called with each time, may raise, or say how to fail."""

    def __init__(self, clock: Clock, latency: float = 0.2, fault: Callable[[float], Any] | None = None) -> None:
        self.latency = latency
        self.clock, self.fault = clock, fault
        self.signal = clock.signal()
        self.closed = False
        self._line: deque[tuple[float, Image]] = deque()

    def push(self, t: float, picture: Image) -> list[tuple[float, Image]]:
        """As :class:`capture.live.protocols.PictureStage`."""
        said = self.fault(t) if self.fault is not None else None
        if said == "nothing":
            return []
        if said == "hang":
            self.signal.wait_for(lambda: self.closed)
        elif isinstance(said, float):
            self.signal.wait_for(lambda: self.closed, said)
        picture[MARK] = MASK
        self._line.append((t, picture))
        out = []
        while self._line and self._line[0][0] <= t - self.latency:
            out.append(self._line.popleft())
        return out

    def flush(self) -> list[tuple[float, Image]]:
        """The rest."""
        out, self._line = list(self._line), deque()
        return out

    def status(self) -> Mapping[str, float | int | str]:
        """Something."""
        return {"shown": 0, "masked": 1}

    def close(self) -> None:
        """Let waiting pushes go."""
        self.closed = True
        self.signal.notify()

    def tracks(self) -> list[FaceTrack]:
        """One face."""
        return [FaceTrack("t1", np.array([0.0]), np.array([[32, 16, 32, 32]], np.float32))]


class Later:
    """A converter that only delays, by 100 samples, and turns the sign."""

    delay = 100

    def __init__(self) -> None:
        self._held = np.zeros(self.delay, np.float32)

    def __call__(self, block: FloatArray) -> FloatArray:
        """As :class:`capture.live.protocols.SoundStage`."""
        both = np.concatenate([self._held, -block])
        self._held = both[len(block) :]
        return both[: len(block)]

    def flush(self) -> FloatArray:
        """The rest."""
        return self(np.zeros(self.delay, np.float32))


class Held:
    """A sidecar in memory."""

    def __init__(self) -> None:
        self.blocks: list[FloatArray] = []
        self.closed = False

    def write(self, samples: FloatArray) -> None:
        """Keep."""
        self.blocks.append(samples)

    def sync(self) -> None:
        """Nothing to put anywhere."""

    def close(self) -> None:
        """Done."""
        self.closed = True


def recorder(
    target: Path,
    clock: Clock,
    *,
    seconds: float = 3.0,
    fault: Callable[[float], Any] | None = None,
    latency: float = 0.2,
    settings: RecordSettings = FAST,
    sound: bool = True,
    ppm: float = 0.0,
    jitter: float = 0.0,
    finish: Any = None,
    **more: Any,
) -> Recorder:
    """A recorder of synthetic sources whose face is masked by a :class:`DelayStage`."""
    origin = clock.now() + 0.5
    own = {name: more.pop(name) for name in ("duration",) if name in more}
    if finish is not None:
        own["finish"] = finish
    parts = PipelineParts(
        settings,
        SyntheticPictures(clock, SMALL, seconds, mark, origin),
        SyntheticSound(clock, 16000, seconds, origin, DeviceClock(ppm, jitter), 320) if sound else None,
        lambda picture: DelayStage(clock, latency, fault),
        **more,
    )
    return Recorder(target, parts, clock=clock, **own)


def rename(growing: Path, target: Path) -> None:
    """A quick way to finish a file."""
    if not growing.stat().st_size:
        raise InputError(f"{growing}: is empty")
    growing.replace(target)


def marked(path: Path) -> int:
    """In how many pictures of the file the face can be seen."""
    seen = 0
    for _, picture in VideoFile(path):
        face = picture[MARK].astype(int)
        seen += bool((np.abs(face - MARKED).sum(axis=2) < 150).mean() > 0.05)
    return seen
